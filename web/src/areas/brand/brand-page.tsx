/** The brand of the service (staff), of oneself (managers), or of a manager (staff, by id). */
import { useParams } from 'wouter'
import type { BrandAnswer } from '../../../../src/api/brand.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { BrandForm } from './brand-form.tsx'
import { LogoCard } from './logo-card.tsx'
import { ManagerBrands } from './manager-brands.tsx'
import { texts } from './texts.ts'

export default function BrandPage() {
  const t = useTexts(texts)
  const { principal } = useSession()
  const { brand } = useParams<{ brand?: string }>()
  const id = brand ?? (principal.role === 'manager' ? String(principal.principalId) : 'service')
  const path = `/brands/${encodeURIComponent(id)}`
  const found = useResource<BrandAnswer>(path)
  const address = found.data?.owner.address
  const description =
    id === 'service' ? t.ofService : principal.role === 'manager' ? t.own : address ? t.ofManager(address) : undefined
  return (
    <Page
      narrow
      title={t.title}
      description={description}
      breadcrumbs={
        brand === undefined
          ? []
          : [{ label: t.title, href: '/brand' }, ...(address ? [{ label: address, href: `/users/${id}` }] : [])]
      }
    >
      <Await resource={found}>
        {answer => (
          <>
            <BrandForm key={id} path={path} brand={answer} isService={id === 'service'} />
            <LogoCard path={path} brand={answer} />
            {id === 'service' && <ManagerBrands />}
          </>
        )}
      </Await>
    </Page>
  )
}
