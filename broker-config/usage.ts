/** What `--help` says. */
export const USAGE = `npm run broker-config                write broker-config/generated/ from roles.yaml
npm run broker-config -- COMMAND …

Before:
  lint [--roles FILE]                          what is legal and unwise in the roles file
  check                                        fail if generated/ is not what roles.yaml says (also: --check)
  compile --target NAME --out DIR [--roles FILE]          one target's files, without passwords
  install --target NAME --out DIR [--data DIR] [--roles FILE] [--devices FILE|ID,ID]
          [--host IP] [--port P] [--ws-port P] [--witness]
  publish --broker mqtt://HOST:PORT --username admin --password PASSWORD [--roles FILE] [--devices FILE|ID,ID]
  audit --broker URL --credentials FILE [--as NAME,NAME] [--roles FILE] [--devices FILE|ID,ID] [--limits] [--yes] [--json]
                                               what the running broker does more or less than the policy says, by a witness
                                               ("install --witness"); with --limits, what it silently does not do
                                               (the rights of devices: install and audit with --devices telltale-probe too)

After, each on the roles file, and with --installed DIR on the folder that "install" wrote:
  add USERNAME --role ROLE [--id DEVICE]       somebody more, with a password of their own
  rotate USERNAME                              a new password; who is signed in with the old one is put out
  revoke USERNAME                              nobody any more; who is signed in is put out
  decommission DEVICE --broker URL --username admin --password PASSWORD [--yes]
                                               no sign-in, and nothing retained under its id; asks before it publishes
  Each takes [--roles FILE] [--installed DIR] [--apply] [--reload 'COMMAND']. It says what to run on the broker's machine;
  with --apply it runs that here. --reload stands for the target's own command (a container's, say).`;
