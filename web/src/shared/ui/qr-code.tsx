/** A QR code, dark on light in both modes: many readers don't take the reverse. */
import { useMemo } from 'react'
import { encode } from 'uqr'
import './qr-code.css'

/** `label` says what it leads to. `size` in px. */
export function QrCode({ text, label, size = 176 }: { text: string; label: string; size?: number }) {
  const { path, modules } = useMemo(() => {
    const { data, size: modules } = encode(text, { ecc: 'M', border: 2 })
    // One stroke a run of dark modules: a tenth of the size of a square a module.
    const runs: string[] = []
    data.forEach((row, y) => {
      for (let x = 0; x < row.length; x++) {
        const from = x
        while (row[x]) x++
        if (x > from) runs.push(`M${from} ${y}h${x - from}v1h-${x - from}z`)
      }
    })
    return { path: runs.join(''), modules }
  }, [text])
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${modules} ${modules}`}
      shapeRendering="crispEdges"
    >
      <path className="qr-light" d={`M0 0h${modules}v${modules}H0z`} />
      <path className="qr-dark" d={path} />
    </svg>
  )
}
