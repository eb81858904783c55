/** Shows how many devices are in trouble on the icon of the installed app, where there is one. */
export function showBadge(inTrouble: number): void {
  if (!('setAppBadge' in navigator)) return;
  // iOS refuses without the permission for notifications, which nobody is asked for on account of a number.
  navigator.setAppBadge(inTrouble).catch(() => undefined);
}
