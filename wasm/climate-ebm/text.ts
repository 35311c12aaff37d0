import type { KernelText, Language } from '../../protocol/kernel.ts'

export const text: Readonly<Record<Language, KernelText>> = {
  en: {
    title: 'How much warming, how fast: a two-layer climate',
    aim: 'Runs a small, well-known climate model with very many parameter values, to see which warming follows from a doubling of CO₂, and how the uncertainty of the parts becomes the uncertainty of the whole.',
    method:
      'The planet is two layers of heat: the surface with the shallow sea, and the deep ocean. A task draws a block of parameter sets around the averages of 16 climate models (CMIP5) and runs each through a sudden quadrupling of CO₂ over 150 years and through a growth of 1 % a year over 80 years, in steps of a 64th of a year. It counts how warm the planet gets in the end (equilibrium sensitivity) and around year 70, when CO₂ has doubled (transient response).',
    checked:
      'At least two devices of different accounts run every block, one after the other, and must return the same bytes, down to a checksum over all temperatures. The kernel is tested against the exact solution that Geoffroy and colleagues published in 2013, to a billionth of a degree.',
    lesson: [
      'When CO₂ rises, the Earth takes in more heat than it gives off. It warms until it shines that heat back into space. Two questions matter: how warm in the end, and how soon. The first depends on the feedbacks: clouds, water vapour, ice. The second depends on the ocean, which swallows heat for centuries.',
      'This model has five numbers. The forcing F says how strongly CO₂ pushes. The feedback λ says how much more heat leaves for each degree of warming. The heat capacities C and C₀ say how much heat a degree costs in the surface layer and in the deep. The exchange γ says how easily heat goes down. In equilibrium only two of them count: sensitivity = F/λ. That is why a small uncertainty in a weak feedback becomes a long tail of high sensitivities: dividing by a small number.',
      'The averages come from Geoffroy and colleagues (Journal of Climate 26, 2013, part I), who fitted this model to 16 large climate models. The spreads are assumptions of this job, close to the spread among those models, and the five numbers are drawn independently of each other, which nature and the large models do not do. So read the histograms as an answer to “what if”, not as a forecast.',
      'A few million sets would be enough for the middle of the curves. The long job is for their ends: to see how rare the rare cases are, one must draw very often.',
    ],
    parameters: {
      seed: 'Seed of the random draws',
      sets: 'Parameter sets',
      setsPerTask: 'Parameter sets per task',
      feedbackMean: 'Feedback λ: mean (W m⁻² K⁻¹)',
      feedbackSpread: 'Feedback λ: spread (W m⁻² K⁻¹)',
      surfaceHeatMean: 'Heat capacity of the surface layer C: mean (W yr m⁻² K⁻¹)',
      surfaceHeatSpread: 'Heat capacity of the surface layer C: spread (W yr m⁻² K⁻¹)',
      deepHeatMean: 'Heat capacity of the deep ocean C₀: mean (W yr m⁻² K⁻¹)',
      deepHeatSpread: 'Heat capacity of the deep ocean C₀: spread (W yr m⁻² K⁻¹)',
      exchangeMean: 'Heat exchange γ: mean (W m⁻² K⁻¹)',
      exchangeSpread: 'Heat exchange γ: spread (W m⁻² K⁻¹)',
      forcingMean: 'Forcing of four times the CO₂: mean (W m⁻²)',
      forcingSpread: 'Forcing of four times the CO₂: spread (W m⁻²)',
    },
    columns: {
      quantity: 'Quantity',
      at: 'Lower end of the bin (K), or year',
      value: 'Number of sets, or mean warming (K)',
    },
  },
  zh: {
    title: '升温多少、多快：两层气候模型',
    aim: '用大量参数组合运行一个小而经典的气候模型，看二氧化碳加倍会带来多少升温，以及各部分的不确定性如何变成整体的不确定性。',
    method:
      '模型把地球看作两层热量：地表与浅海为一层，深海为另一层。一个任务以 16 个气候模式（CMIP5）的平均值为中心抽取一批参数组，每组各运行两次：二氧化碳突然变为四倍，共 150 年；二氧化碳每年增长 1%，共 80 年。步长为六十四分之一年。程序统计最终的升温（平衡气候敏感度），以及第 70 年前后、二氧化碳加倍时的升温（瞬态气候响应）。',
    checked:
      '每一批先后由至少两个不同账户的设备运行，返回的字节必须完全相同，连对全部温度所做的校验和也要一致。程序用 Geoffroy 等人 2013 年发表的精确解检验过，误差在十亿分之一度以内。',
    lesson: [
      '二氧化碳增多时，地球吸收的热量多于放出的热量，于是变暖，直到把多出的热量重新辐射回太空。要紧的问题有两个：最终升温多少，以及多快。前者取决于各种反馈：云、水汽、冰雪。后者取决于海洋，它会在几百年里不断吞下热量。',
      '这个模型只有五个数。强迫 F 表示二氧化碳推动的力度；反馈 λ 表示每升温一度会多散出多少热量；热容 C 和 C₀ 表示表层和深海各升温一度需要多少热量；交换系数 γ 表示热量下沉的难易。到了平衡时只有两个数起作用：敏感度 = F/λ。除以一个很小的数会得到很大的数，所以弱反馈中小小的不确定性，会变成高敏感度一侧长长的尾巴。',
      '平均值取自 Geoffroy 等人（Journal of Climate 26，2013，第一部分），他们用 16 个大型气候模式标定了这个模型。离散程度是本作业的假设，与那些模式之间的差异相近；五个数彼此独立抽取，而自然界和大型模式并非如此。因此请把直方图看作对“假如……”的回答，而不是预报。',
      '曲线的中部只需几百万组参数就够了。这个作业之所以很长，是为了看清两端：要知道罕见的情形有多罕见，就必须抽取非常多次。',
    ],
    parameters: {
      seed: '随机抽取的种子',
      sets: '参数组数',
      setsPerTask: '每个任务的参数组数',
      feedbackMean: '反馈 λ：平均值（W m⁻² K⁻¹）',
      feedbackSpread: '反馈 λ：离散程度（W m⁻² K⁻¹）',
      surfaceHeatMean: '表层热容 C：平均值（W yr m⁻² K⁻¹）',
      surfaceHeatSpread: '表层热容 C：离散程度（W yr m⁻² K⁻¹）',
      deepHeatMean: '深海热容 C₀：平均值（W yr m⁻² K⁻¹）',
      deepHeatSpread: '深海热容 C₀：离散程度（W yr m⁻² K⁻¹）',
      exchangeMean: '热交换 γ：平均值（W m⁻² K⁻¹）',
      exchangeSpread: '热交换 γ：离散程度（W m⁻² K⁻¹）',
      forcingMean: '四倍二氧化碳的强迫：平均值（W m⁻²）',
      forcingSpread: '四倍二氧化碳的强迫：离散程度（W m⁻²）',
    },
    columns: {
      quantity: '量',
      at: '区间下限（K）或年份',
      value: '参数组数或平均升温（K）',
    },
  },
}
