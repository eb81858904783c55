/** Who the servers of a cluster are to each other. */
export const ROUTE_USER = 'telltale-routes';

/**
 * `routes.conf`, the same beside each server of a cluster: whoever knows the password is a server of it, and reads and writes
 * everything. Without a password it names a variable that is set nowhere, so that NATS refuses to start.
 * @param stores the machines of the stores
 */
export function routes(stores: readonly string[], password?: string): string {
  const addresses = stores.map((host) => {
    const user = password === undefined ? '' : `${ROUTE_USER}:${password}@`;
    return `  "nats://${user}${host}:6222"`;
  });
  return `# Generated from roles.yaml by "npm run broker-config". The same file beside each server: put the names of the three machines of
# the stores in place of nats-N.example.
authorization {
  user: "${ROUTE_USER}"
  password: ${password === undefined ? '$PASSWORD_IS_MADE_BY_INSTALL' : JSON.stringify(password)}
}
routes: [
${addresses.join('\n')}
]
`;
}
