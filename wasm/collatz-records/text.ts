import type { KernelText, Language } from '../../protocol/kernel.ts'

export const text: Readonly<Record<Language, KernelText>> = {
  en: {
    title: 'Path records of the 3n+1 problem',
    aim: 'Finds the starting numbers whose 3n+1 path climbs higher than the path of every smaller start, and so checks a famous table of such records afresh.',
    method:
      'A task is a range of starting numbers. The kernel follows each path until it falls below its start, for the rest belongs to a smaller start. Starts that provably cannot hold a record are skipped (about 68 of 69), twenty steps are taken at once from a table, and whole runs of steps by one multiplication. Numbers may grow to 128 bits.',
    checked:
      'At least two devices of different accounts compute every range, one after the other, and must return the same bytes: the same records and the same total number of steps, which cannot be known without walking the paths. The kernel itself is tested against the published records, 8,528,817,511 and 12,327,829,503 among them.',
    lesson: [
      'Take any whole number. If it is even, halve it; if it is odd, triple it and add one. Repeat. From 27 you climb to 9,232 before you come down to 1, after 111 steps. Every number that anybody has tried comes down to 1. In 1937 Lothar Collatz asked whether all do, and nobody knows.',
      'A path record is a start whose path climbs higher than the paths of all smaller starts: 27, then 255, 447, 639, 703 and so on. They get rare: fewer than a hundred are known. Roughly, the height of a record grows with the square of its start, which is what a random walk with the same odds would do. How far the real paths keep to that is one of the few things about this problem that can be measured.',
      'Eric Roosendaal, Tomás Oliveira e Silva and David Bařina have searched further than this job does: Bařina had passed 2^68 by 2020. So do not expect an unknown record here. What the job gives is an independent check of their tables, on many kinds of devices, with every range computed twice and open to anybody who wants to compute it again.',
    ],
    parameters: {
      from: 'First start',
      to: 'Last start',
      startsPerTask: 'Starts per task',
    },
    columns: {
      start: 'Start',
      maximum: 'Highest number on its path',
      totalGlide: 'Steps taken in the whole range',
    },
  },
  zh: {
    title: '3n+1 问题的路径纪录',
    aim: '寻找这样的起点：它的 3n+1 路径爬得比所有更小起点的路径都高，从而重新核对一张著名的纪录表。',
    method:
      '一个任务是一段连续的起点。程序沿每条路径走下去，直到数值低于起点为止，因为余下的部分属于更小的起点。可以证明不可能成为纪录的起点会被跳过（每 69 个约跳过 68 个）；前二十步由表格一次完成，之后连续的步子合并成一次乘法。数值最多可长到 128 位。',
    checked:
      '每一段起点先后由至少两个不同账户的设备计算，返回的字节必须完全相同：相同的纪录，以及相同的总步数，而总步数不走完路径就无从得知。程序本身用已发表的纪录检验过，其中包括 8,528,817,511 和 12,327,829,503。',
    lesson: [
      '任取一个正整数。偶数就除以二，奇数就乘三再加一，如此反复。从 27 出发，要先爬到 9,232，走 111 步才回到 1。人们试过的每个数最后都回到 1。1937 年洛塔尔·考拉兹提出：是否所有的数都如此？至今无人知道答案。',
      '如果一个起点的路径比所有更小起点的路径都爬得高，它就是一个路径纪录：27，然后是 255、447、639、703……纪录越来越稀少，已知的还不到一百个。大致说来，纪录的高度随起点的平方增长，这正是同等概率的随机游走会有的表现。真实的路径在多大程度上符合这一点，是这个问题中少数可以测量的事情之一。',
      '埃里克·罗森达尔、托马斯·奥利韦拉·席尔瓦和大卫·巴里纳的搜索范围比这个作业更远：到 2020 年，巴里纳已越过 2 的 68 次方。所以请不要期待在这里遇到未知的纪录。这个作业带来的，是在各种设备上对他们的表格所做的独立核对：每一段都计算两遍，任何人都可以再算一次。',
    ],
    parameters: {
      from: '第一个起点',
      to: '最后一个起点',
      startsPerTask: '每个任务的起点数',
    },
    columns: {
      start: '起点',
      maximum: '路径上的最大值',
      totalGlide: '整段所走的总步数',
    },
  },
}
