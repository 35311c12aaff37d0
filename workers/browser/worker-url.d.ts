/** What the bundler answers: the address of a worker's script, with all that it imports. */
declare module '*?worker&url' {
  const url: string
  // biome-ignore lint/style/noDefaultExport: the bundler's own way
  export default url
}
