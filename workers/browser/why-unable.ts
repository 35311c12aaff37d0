/** @returns a sentence, or undefined where this browser can take part */
export function whyUnable(): string | undefined {
  if (!self.isSecureContext)
    return 'This page came over plain HTTP, where browsers give out no keys. Open it over HTTPS, or on localhost.'
  if (typeof WebAssembly !== 'object') return 'This browser has no WebAssembly, or it is switched off.'
  if (typeof indexedDB !== 'object') return 'This browser keeps no data for this page, so it cannot hold a device key.'
  if (!navigator.locks) return 'This browser cannot keep its tabs from computing twice. A newer version can.'
  return undefined
}
