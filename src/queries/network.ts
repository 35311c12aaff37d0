import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Network, Stats } from '../../protocol/network.ts'
import { api } from './api.ts'

const networkKey = ['network'] as const

/** `polling`: no events come, so the totals are asked for. */
export type Liveness = 'connecting' | 'live' | 'polling'

const networkQuery = (liveness: Liveness) =>
  queryOptions({
    queryKey: networkKey,
    queryFn: async ({ signal }): Promise<Network> => api.get('/api/stats', Stats, { signal }),
    refetchInterval: liveness === 'live' ? false : 5_000,
  })

export const statsQuery = () =>
  queryOptions({
    queryKey: ['stats'],
    queryFn: ({ signal }) => api.get('/api/stats', Stats, { signal }),
    refetchInterval: 5_000,
  })

/** Totals as they change: server-sent events while the tab is seen, and a question every few seconds where none come. */
export function useNetwork() {
  const client = useQueryClient()
  const [liveness, setLiveness] = useState<Liveness>('connecting')

  useEffect(() => {
    let events: EventSource | undefined
    const close = () => {
      events?.close()
      events = undefined
    }
    // Browsers allow six connections to a server: a hidden tab keeps none.
    const follow = () => {
      if (document.visibilityState === 'hidden') return close()
      if (events !== undefined) return
      events = new EventSource('/api/events')
      events.addEventListener('network', ({ data }: MessageEvent<string>) => {
        const network = Network.safeParse(JSON.parse(data))
        if (!network.success) return setLiveness('polling')
        client.setQueryData(networkKey, network.data)
        setLiveness('live')
      })
      events.addEventListener('error', () => setLiveness('polling'))
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      close()
    }
  }, [client])

  return { query: useQuery(networkQuery(liveness)), liveness }
}
