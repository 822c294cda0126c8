/** /brands and /logos: what the service and each manager's panel look like. */
import Type, { type Static } from 'typebox'
import type { Brand, EditedBrand } from '../accounts/brands/brands.ts'
import { BRAND_HOSTS, LOGO_BYTES } from '../accounts/brands/limits.ts'
import { NAME_CHARACTERS } from '../accounts/service-settings/limits.ts'
import { SERVICE_BRAND } from '../store/types/brand.ts'
import { LOGO_BODY_BYTES } from './limits.ts'
import { API_PREFIX } from './prefix.ts'
import { managers, RawAnswer, type Route, route, staff } from './route.ts'
import { Address, Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const Colour = Type.String({ pattern: '^#[0-9a-fA-F]{6}$', description: 'As #1f6feb' })

const ShownSchema = Type.Object({
  name: Nullable(Type.String()),
  supportAddress: Nullable(Type.String()),
  primaryColour: Nullable(Type.String()),
  logoUrl: Nullable(Type.String()),
})

const BrandSchema = Type.Object({
  ...ShownSchema.properties,
  hosts: Type.Array(Type.String()),
  owner: Type.Object({
    principalId: Type.Integer({ description: '0 for the service itself' }),
    address: Nullable(Type.String()),
  }),
  inherited: Type.Intersect([ShownSchema], { description: 'What holds where a member is null' }),
})

export type BrandAnswer = Static<typeof BrandSchema>

const ListedBrandSchema = Type.Object({
  principalId: Type.Integer({ description: 'Of the manager, by which the brand is found' }),
  address: Type.String(),
  ...ShownSchema.properties,
  hosts: Type.Array(Type.String()),
})

export type ListedBrandAnswer = Static<typeof ListedBrandSchema>

const BrandChangeSchema = Type.Object(
  {
    name: Type.Optional(Nullable(Type.String({ maxLength: NAME_CHARACTERS }))),
    supportAddress: Type.Optional(Nullable(Address)),
    primaryColour: Type.Optional(Nullable(Colour)),
    hosts: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
        maxItems: BRAND_HOSTS,
        description: 'Host names that lead to this service; for managers, in their own domains',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1, description: 'null: as the service has it' },
)

const LogoSchema = Type.Object(
  {
    data: Type.String({
      minLength: 1,
      maxLength: Math.ceil(LOGO_BYTES / 3) * 4 + 1000,
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
      description: 'A PNG or JPEG file in base64',
    }),
  },
  { additionalProperties: false },
)

const BrandId = Type.Object({ brand: Type.String({ pattern: '^[1-9]\\d{0,14}$', description: 'Id of the manager' }) })

export function brandRoutes({ brands }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/brands',
      operationId: 'listBrands',
      summary: 'The brands that managers have made, by the managers’ addresses',
      tag: 'brands',
      access: staff,
      scope: 'service:read',
      response: Type.Object({ items: Type.Array(ListedBrandSchema) }),
      async handle({ actor }) {
        const rows = await brands.list(actor)
        return { items: rows.map(({ logo, updatedAt, ...row }) => ({ ...row, logoUrl: logoUrlOf(logo) })) }
      },
    }),
    ...serviceBrandRoutes(brands),
    ...managerBrandRoutes(brands),
    route({
      method: 'GET',
      path: '/logos/:hash',
      operationId: 'getLogo',
      summary: 'A logo, by the hash of what is in it',
      tag: 'brands',
      access: 'public',
      scope: null,
      params: Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
      produces: 'image/png',
      response: Type.Unknown(),
      async handle({ params }) {
        const { type, bytes } = await brands.logo(params.hash)
        // What this names never changes. Opened by itself it is a picture and nothing more.
        return new RawAnswer(type, bytes, {
          'Cache-Control': 'public, max-age=31536000, immutable',
          'Content-Security-Policy': "default-src 'none'; sandbox",
        })
      },
    }),
  ]
}

/** Apart from the managers': a token that may change what is in the directory does not reach the service's settings by its brand. */
function serviceBrandRoutes(brands: ApiServices['brands']): Route[] {
  return [
    route({
      method: 'GET',
      path: '/brands/service',
      operationId: 'getServiceBrand',
      summary: 'The brand of the service itself',
      tag: 'brands',
      access: staff,
      scope: 'service:read',
      response: BrandSchema,
      handle: async ({ actor }) => brandAnswer(await brands.edited(actor, SERVICE_BRAND)),
    }),
    route({
      method: 'PATCH',
      path: '/brands/service',
      operationId: 'updateServiceBrand',
      summary: 'Changes name, support address, colour or host names of the service',
      tag: 'brands',
      access: staff,
      scope: 'service:write',
      body: BrandChangeSchema,
      response: BrandSchema,
      handle: async ({ actor, body }) => brandAnswer(await brands.change(actor, SERVICE_BRAND, body)),
    }),
    route({
      method: 'PUT',
      path: '/brands/service/logo',
      operationId: 'setServiceLogo',
      summary: 'Sets the logo of the service',
      tag: 'brands',
      access: staff,
      scope: 'service:write',
      bodyLimit: LOGO_BODY_BYTES,
      body: LogoSchema,
      response: BrandSchema,
      handle: async ({ actor, body }) => brandAnswer(await brands.setLogo(actor, SERVICE_BRAND, bytesOf(body))),
    }),
    route({
      method: 'DELETE',
      path: '/brands/service/logo',
      operationId: 'removeServiceLogo',
      summary: 'Takes the logo of the service away',
      tag: 'brands',
      access: staff,
      scope: 'service:write',
      response: BrandSchema,
      handle: async ({ actor }) => brandAnswer(await brands.setLogo(actor, SERVICE_BRAND, null)),
    }),
  ]
}

function managerBrandRoutes(brands: ApiServices['brands']): Route[] {
  return [
    route({
      method: 'GET',
      path: '/brands/:brand',
      operationId: 'getBrand',
      summary: 'The brand of a manager; managers see their own',
      tag: 'brands',
      access: managers,
      scope: 'directory:read',
      params: BrandId,
      response: BrandSchema,
      handle: async ({ actor, params }) => brandAnswer(await brands.edited(actor, ownerOf(params))),
    }),
    route({
      method: 'PATCH',
      path: '/brands/:brand',
      operationId: 'updateBrand',
      summary: 'Changes name, support address, colour or host names',
      tag: 'brands',
      access: managers,
      scope: 'directory:write',
      params: BrandId,
      body: BrandChangeSchema,
      response: BrandSchema,
      handle: async ({ actor, params, body }) => brandAnswer(await brands.change(actor, ownerOf(params), body)),
    }),
    route({
      method: 'PUT',
      path: '/brands/:brand/logo',
      operationId: 'setBrandLogo',
      summary: 'Sets the logo',
      tag: 'brands',
      access: managers,
      scope: 'directory:write',
      params: BrandId,
      bodyLimit: LOGO_BODY_BYTES,
      body: LogoSchema,
      response: BrandSchema,
      handle: async ({ actor, params, body }) =>
        brandAnswer(await brands.setLogo(actor, ownerOf(params), bytesOf(body))),
    }),
    route({
      method: 'DELETE',
      path: '/brands/:brand/logo',
      operationId: 'removeBrandLogo',
      summary: 'Takes the logo away',
      tag: 'brands',
      access: managers,
      scope: 'directory:write',
      params: BrandId,
      response: BrandSchema,
      handle: async ({ actor, params }) => brandAnswer(await brands.setLogo(actor, ownerOf(params), null)),
    }),
  ]
}

/** Where a logo is got from; relative, so that it is this host's whatever its name. */
export const logoUrlOf = (logo: Brand['logo']): string | null =>
  logo === null ? null : `${API_PREFIX}/logos/${logo.hash}`

const ownerOf = ({ brand }: Static<typeof BrandId>): number => Number(brand)

const bytesOf = ({ data }: Static<typeof LogoSchema>): Buffer => Buffer.from(data, 'base64')

function brandAnswer({ logo, inherited, owner, ...brand }: EditedBrand) {
  const { logo: inheritedLogo, ...rest } = inherited
  return { ...brand, logoUrl: logoUrlOf(logo), owner, inherited: { ...rest, logoUrl: logoUrlOf(inheritedLogo) } }
}
