/** `npm run test:long`: every series at its full length. */
export const LONG = process.env['TELLTALE_LONG'] === '1';
