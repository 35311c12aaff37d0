import type { MiddlewareHandler } from 'hono'

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Sent with every answer. Set before the handler runs: headers that are added to a finished answer make the framework
 * build it a second time. A route with needs of its own sets its own policy.
 */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  c.header('content-security-policy', contentSecurityPolicy)
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
  // Not same-origin: that would break wallets that open a window of their own.
  c.header('cross-origin-opener-policy', 'same-origin-allow-popups')
  c.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
  await next()
}
