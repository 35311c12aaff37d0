/** Arguments as a shell would want them, to be read by eye. */
export const commandLine = (given: readonly string[]): string =>
  ['program', ...given.map(text => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`))].join(
    ' ',
  )
