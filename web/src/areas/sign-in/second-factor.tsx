/**
 * The second step of signing in: `POST /session` has answered that the password alone is not enough. Registered here by the area of second factors;
 * it calls `acceptSession` with the session it is given.
 */
import type { ComponentType } from 'react'

export interface SecondFactorProps {
  methods: readonly string[]
  address: string
  remember: boolean
  /** Back to the password. */
  onCancel(): void
}

export const loadSecondFactor: (() => Promise<{ default: ComponentType<SecondFactorProps> }>) | null = null
