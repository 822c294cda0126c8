/** Whether a forgotten password could be replaced, and whether the password alone opens the account. */
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { RecoveryAnswer } from '../../../../src/api/recovery.ts'
import { useResource } from '../../shared/api/queries.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { texts } from './texts.ts'

export function SafetyCard() {
  const t = useTexts(texts)
  const recovery = useResource<RecoveryAnswer>('/recovery-address')
  const secondFactor = useResource<{ isOn: boolean }>('/second-factor')
  const isSafe = Boolean(recovery.data?.address && secondFactor.data?.isOn)
  return (
    <Card title={t.safety} footer={<ButtonLink href="/security">{isSafe ? t.safetySee : t.safetyImprove}</ButtonLink>}>
      <ul className="list home-safety">
        <li>
          <Await resource={recovery}>
            {({ address, pending }) => (
              <Fact good={address !== null} name={t.recovery}>
                {address !== null
                  ? t.recoverySet(address)
                  : pending
                    ? t.recoveryPending(pending.address)
                    : t.recoveryNone}
              </Fact>
            )}
          </Await>
        </li>
        <li>
          <Await resource={secondFactor}>
            {({ isOn }) => (
              <Fact good={isOn} name={t.secondFactor}>
                {isOn ? t.secondFactorOn : t.secondFactorOff}
              </Fact>
            )}
          </Await>
        </li>
      </ul>
    </Card>
  )
}

function Fact({ good, name, children }: { good: boolean; name: string; children: string }) {
  return (
    <div className={good ? 'home-fact good' : 'home-fact'}>
      <Icon of={good ? CircleCheck : TriangleAlert} size={18} />
      <div>
        <strong>{name}</strong>
        <p className="muted">{children}</p>
      </div>
    </div>
  )
}
