/** What we use of react-dom: at run time it is preact/compat, so its own types would promise too much. */
declare module 'react-dom/client' {
  import type { ReactNode } from 'react'

  export function createRoot(container: Element): { render(children: ReactNode): void; unmount(): void }
}
