import { useService } from '../../shared/api/service.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { OutsidePage } from '../outside.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { texts } from './texts.ts'

export default function SignInPage() {
  const t = useTexts(texts)
  const service = useService()
  return (
    <OutsidePage title={t.title} heading={t.to(service.name)}>
      <SignInForm />
    </OutsidePage>
  )
}
