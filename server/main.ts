import { mkdir } from 'node:fs/promises'
import { TidemillError } from '../protocol/errors.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { loadHouseKey, startHouseDevice } from './house-device.ts'
import { createLogger } from './logger.ts'
import { startServer } from './server.ts'
import { SettingError } from './setting-error.ts'
import { isLocal, parseSettings } from './settings.ts'

const writeLine = (line: string) => process.stderr.write(`${line}\n`)
/** Until the settings are read. */
let log = createLogger(writeLine)

async function main(): Promise<void> {
  const settings = parseSettings(process.env)
  log = createLogger(writeLine, settings.logLevel)
  await mkdir(settings.dataFolder, { recursive: true })
  const postgres =
    settings.databaseUrl === undefined ? await startEmbeddedPostgres(settings.dataFolder, log) : undefined
  const houseKey = settings.houseDevice ? await loadHouseKey(settings.dataFolder) : undefined
  const server = await startServer({
    ...settings,
    databaseUrl: settings.databaseUrl ?? postgres?.url ?? '',
    housePublicKey: houseKey?.publicKey,
    isLocal: isLocal(settings),
    log,
  }).catch(async (error: unknown) => {
    await postgres?.stop()
    throw error
  })
  const house =
    houseKey && startHouseDevice({ serverUrl: server.url, key: houseKey, dataFolder: settings.dataFolder, log })
  process.stdout.write(`Tidemill is ready: ${server.url}\n`)
  if (server.metricsUrl !== undefined) log.info('Metrics are served', { url: server.metricsUrl })

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    try {
      await house?.stop()
      await server.stop()
    } finally {
      await postgres?.stop()
    }
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stop().catch((error: unknown) => {
        log.error('Tidemill did not stop cleanly', { error })
        process.exit(1)
      })
    })
}

// Node ends the process all the same; the log shall have it in its own form.
process.on('uncaughtExceptionMonitor', error => log.error('Tidemill ends: nobody caught this', { error }))

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof TidemillError) process.stderr.write(`${message}\n`)
  else if (code === 'EADDRINUSE') process.stderr.write(`${message}. Stop what uses the port, or set PORT to another.\n`)
  else log.error('Tidemill could not start', { error })
  process.exit(error instanceof SettingError ? 2 : 1)
})
