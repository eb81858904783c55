/**
 * The page with headers that a static host may not be able to send. Its meta CSP stays in it as the floor for a first
 * visit; `frame-ancestors` counts in a header alone. A fresh response also sheds a redirect, which no navigation may get.
 */
export function withPageHeaders(page: Response): Response {
  return new Response(page.body, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `${BUILD.policy}; frame-ancestors 'self'`,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
