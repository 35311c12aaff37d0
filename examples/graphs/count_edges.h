/*
 * geng's own hooks (PLUGIN and SUMMARY, see the top of geng.c): instead of the graphs themselves, how many there are with
 * 0, 1, 2 ... edges, a line each. The same number of lines whatever part was asked for, so that parts can be summed.
 */
void print_counts(nauty_counter made, double seconds) {
    int edges, most = maxn * (maxn - 1) / 2;
    (void)made;
    (void)seconds;
    for (edges = 0; edges <= most; ++edges)
        printf(COUNTER_FMT "\n", edges <= maxe ? ecount[edges] : 0);
}

#define SUMMARY print_counts
