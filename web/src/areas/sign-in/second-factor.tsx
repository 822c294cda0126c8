/**
 * The second step of signing in: the service has answered that the password alone is not enough. The step is made by the area of second factors, which
 * puts itself in here; when it is done it calls `acceptSession` with the session it was given, or `answered(true)` after a confirmation.
 */
import type { ComponentType } from 'react'
import type { Purpose } from './purpose.ts'

export interface SecondFactorProps {
  methods: readonly string[]
  purpose: Purpose
  address: string
  remember: boolean
  /** Back to the password. */
  onCancel(): void
}

export const loadSecondFactor: (() => Promise<{ default: ComponentType<SecondFactorProps> }>) | null = null
