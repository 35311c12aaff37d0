/** Bytes that come, a piece after the other. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** Reads a stream piece by piece, also where the engine cannot iterate streams. Whoever leaves early cancels it. */
export async function* readPieces(stream: ByteStream): AsyncGenerator<Uint8Array> {
  if (!('getReader' in stream)) {
    yield* stream
    return
  }
  const reader = stream.getReader()
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        isOver = true
        return
      }
      yield value
    }
  } finally {
    if (!isOver) await reader.cancel().catch(() => {})
  }
}

/** Cuts a stream into parts of `partBytes`, the last one shorter. Of no bytes comes no part. */
export async function* readParts(stream: ByteStream, partBytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0

  function join(): Uint8Array<ArrayBuffer> {
    const part = new Uint8Array(waitingBytes)
    let at = 0
    for (const piece of waiting) {
      part.set(piece, at)
      at += piece.length
    }
    waiting = []
    waitingBytes = 0
    return part
  }

  for await (const piece of readPieces(stream))
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + partBytes - waitingBytes)
      waiting.push(taken)
      waitingBytes += taken.length
      at += taken.length
      if (waitingBytes === partBytes) yield join()
    }
  if (waitingBytes > 0) yield join()
}
