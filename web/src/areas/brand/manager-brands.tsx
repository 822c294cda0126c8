/** The brands of managers, for staff. */
import { Palette } from 'lucide-react'
import type { ListedBrandAnswer } from '../../../../src/api/brand.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

export function ManagerBrands() {
  const t = useTexts(texts)
  const brands = useResource<{ items: ListedBrandAnswer[] }>('/brands')
  return (
    <Card flush title={t.ofManagers} description={t.ofManagersText}>
      <Await resource={brands}>
        {({ items }) => (
          <DataTable
            label={t.ofManagers}
            source={items}
            rowKey={({ principalId }) => principalId}
            href={({ principalId }) => `/brand/${principalId}`}
            columns={[
              { key: 'manager', header: t.manager, cell: ({ address }) => address },
              { key: 'name', header: t.name, cell: ({ name }) => name ?? t.asService },
              {
                key: 'colour',
                header: t.colour,
                cell: ({ primaryColour }) =>
                  primaryColour === null ? (
                    t.asService
                  ) : (
                    <span className="brand-swatch">
                      <span style={{ background: primaryColour }} aria-hidden="true" />
                      {primaryColour}
                    </span>
                  ),
              },
              {
                key: 'hosts',
                header: t.hosts,
                cell: ({ hosts }) => (hosts.length === 0 ? t.noHosts : hosts.join(', ')),
              },
            ]}
            empty={
              <EmptyState icon={Palette} title={t.noBrands}>
                {t.noBrandsText}
              </EmptyState>
            }
          />
        )}
      </Await>
    </Card>
  )
}
