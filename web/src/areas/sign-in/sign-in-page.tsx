import { useTexts } from '../../shared/texts/texts.ts'
import { OutsidePage } from '../outside.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { texts } from './texts.ts'

export default function SignInPage() {
  const t = useTexts(texts)
  return (
    <OutsidePage title={t.title}>
      <SignInForm />
    </OutsidePage>
  )
}
