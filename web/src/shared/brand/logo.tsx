import { useService } from '../api/service.ts'
import './logo.css'

/** The service's logo with its name, or its name with its first letter. */
export function Logo() {
  const { name, logoUrl } = useService()
  return (
    <span className="logo">
      {logoUrl ? (
        <img src={logoUrl} alt="" />
      ) : (
        <span className="logo-mark" aria-hidden="true">
          {[...name][0]?.toUpperCase()}
        </span>
      )}
      <span className="logo-name">{name}</span>
    </span>
  )
}
