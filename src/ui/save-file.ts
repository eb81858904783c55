/** Has the browser save `parts` as one file. What no file system takes in its name is replaced. */
export function saveFile(name: string, type: string, parts: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replace(/[^\w.-]+/g, '_');
  link.click();
  // The download has begun reading by then; revoking at once would cut it off in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
