import { type ActiveJob, affordableReplicas, takeBack } from './active-job.ts'
import { mayLeaseFrom, mostLeases } from './domain/back-off.ts'
import type { Asker, Chunk, TaskLeased } from './domain/chunk.ts'
import { type CheckRecord, credibilityOf, houseCredibility, isEstablished, newRecord } from './domain/credibility.ts'
import { leastServed } from './domain/fair-share.ts'
import { foldEstablishedShare } from './domain/fit-partner.ts'
import { leaseMs } from './domain/lease-time.ts'
import type { OpenLeases } from './domain/open-leases.ts'
import { drawsProbe } from './domain/probe.ts'
import { quotas } from './domain/quotas.ts'
import type { Party } from './domain/task.ts'
import type { KnownDevice } from './known-devices.ts'

export interface Grant {
  readonly job: ActiveJob
  readonly index: bigint
  readonly replica: number
  readonly expiresAt: number
}

export interface WorkWanted {
  readonly party: Party
  readonly isHouse: boolean
  readonly device: KnownDevice
  /** Seconds of the reference core. */
  readonly seconds: number
  /** At least so many leases, if there are as many tasks. */
  readonly lanes: number
  readonly most: number
}

export type Leased =
  | { readonly kind: 'leased'; readonly grants: readonly Grant[] }
  /** Results of this account were found wrong: it waits. */
  | { readonly kind: 'paused'; readonly until: number }

type LeaseFrom = (chunk: Chunk, asker: Asker, expiresAt: number) => TaskLeased | undefined

/** A job that a request may be given work of. */
interface Place {
  readonly job: ActiveJob
  readonly asker: Asker
  readonly expiresAt: number
  /** Leases that it may still give to this request. */
  left: number
}

/** What a result of an account with this record is believed. */
export const weigh = (isHouse: boolean, record: CheckRecord): number =>
  isHouse ? houseCredibility : credibilityOf(record)

/** Chooses the tasks that a device is given, among the chunks in memory. */
export function createLeasing(input: {
  readonly jobs: ReadonlyMap<bigint, ActiveJob>
  readonly openLeases: OpenLeases
  readonly now: () => number
  readonly random: () => number
}): (wanted: WorkWanted) => Leased {
  const { jobs, openLeases, now, random } = input
  let establishedShare = 0

  /** Jobs that may give this device work, and how much. @returns when it may ask again, where it has to wait everywhere */
  function findPlaces({ party, isHouse, device, seconds, lanes, most }: WorkWanted): Place[] | number {
    const places: Place[] = []
    let barredUntil = Number.POSITIVE_INFINITY
    for (const job of jobs.values()) {
      const affordable = job.state === 'active' ? affordableReplicas(job) : 0
      if (affordable < 1) continue
      const record = device.records.get(job.kernelDigest) ?? newRecord
      const from = isHouse ? 0 : mayLeaseFrom(record)
      if (from > now()) {
        barredUntil = Math.min(barredUntil, from)
        continue
      }
      establishedShare = foldEstablishedShare(establishedShare, isHouse || isEstablished(record))
      const queued = Math.max(seconds / Math.max(1, lanes), job.credit)
      places.push({
        job,
        asker: { ...party, credibility: weigh(isHouse, record), establishedShare },
        expiresAt: now() + leaseMs(job.credit, device.slowness, queued),
        left: Math.min(affordable, isHouse ? most : mostLeases(record, most)),
      })
    }
    return places.length === 0 && barredUntil < Number.POSITIVE_INFINITY ? barredUntil : places
  }

  const leaseProbe: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseProbe(asker, expiresAt, random)
  const leaseFitting: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseReplica(asker, expiresAt, random, true)
  const leaseFresh: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseFresh(asker, expiresAt, random)
  const leaseAny: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseReplica(asker, expiresAt, random, false)

  /**
   * Second opinions before fresh tasks, so that what has been returned is soon judged, and now and then a probe; among
   * jobs, the least served.
   */
  function leaseAll(wanted: WorkWanted, places: readonly Place[]): Grant[] {
    const { party, isHouse, device, seconds, lanes } = wanted
    const most = Math.min(wanted.most, quotas.openLeases - openLeases.of(party.deviceId))
    const grants: Grant[] = []
    let filled = 0
    // The operator's own device gives second opinions only: where nobody else computes, it has nothing to do.
    const kinds = isHouse ? [leaseAny] : [leaseFitting, leaseFresh, leaseAny]
    for (const leaseFrom of kinds) {
      // A job that had nothing for this device once has nothing of this kind for it in this request.
      const open = new Set(places)
      while (grants.length < most && (filled < seconds || grants.length < lanes)) {
        const isProbe = !isHouse && drawsProbe(random())
        const grant =
          (isProbe ? leaseOne(new Set(places), device, leaseProbe) : undefined) ?? leaseOne(open, device, leaseFrom)
        if (grant === undefined) break
        filled += grant.job.credit
        grants.push(grant)
      }
    }
    return grants
  }

  /** @param open loses the jobs that have nothing */
  function leaseOne(open: Set<Place>, device: KnownDevice, leaseFrom: LeaseFrom): Grant | undefined {
    for (;;) {
      const place = leastServed(open, device.latestJob)
      if (place === undefined) return undefined
      const { job, asker, expiresAt } = place
      for (const { chunk } of place.left > 0 ? job.chunks.values() : []) {
        const leased = leaseFrom(chunk, asker, expiresAt)
        if (leased === undefined) continue
        place.left--
        takeBack(job, -1)
        if (leased.replica === 0) job.startedLately++
        device.latestJob = job.jobId
        return { job, index: chunk.lo + BigInt(leased.offset), replica: leased.replica, expiresAt }
      }
      open.delete(place)
    }
  }

  return wanted => {
    const places = findPlaces(wanted)
    if (typeof places === 'number') return { kind: 'paused', until: places }
    return { kind: 'leased', grants: leaseAll(wanted, places) }
  }
}
