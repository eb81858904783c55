/**
 * The policy in the page's own `<meta>`, for the header: `frame-ancestors` counts in a header alone. A test holds the two
 * together (test/brokers/front.test.ts).
 */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'none'; manifest-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; connect-src 'self' ws: wss: http: https:; require-trusted-types-for 'script'; trusted-types svelte-trusted-html telltale-worker telltale-service-worker";

/** Sent with every file of the page. */
export const PAGE_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['Content-Security-Policy', `${PAGE_POLICY}; frame-ancestors 'self'`],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Strict-Transport-Security', 'max-age=31536000'],
];
