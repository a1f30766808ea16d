import Foundation

/// One workload, timed on request: the protocol by which several programs take turns, so that
/// what else happens on the machine falls on all of them alike.
///
/// Set up and warm, it prints `{"ready": true, "setup_s": …, "base_rss_mb": …}`. To each line
/// `measure SECONDS` it answers `{"us": […], "inner": n}`, microseconds of an iteration, each an
/// average over n of them; to `quit`, or the end of its input, `{"peak_rss_mb": …}`.
enum Worker {
    static func serve(_ workload: Workload) {
        let baseMemory = peakMemory()
        let start = now()
        let exercise = workload.prepare()
        if !exercise.isLong { exercise.step() }
        let setup = now() - start
        let inner = exercise.isLong ? 1 : iterationsPerSample(exercise)
        JSON.print([
            ("ready", .flag(true)), ("setup_s", .number(setup, decimals: 3)),
            ("base_rss_mb", .number(baseMemory, decimals: 1)),
            ("bytes", .number(Double(exercise.bytes))),
        ])
        while let words = readLine()?.split(separator: " "), words.first == "measure" {
            guard words.count == 2, let seconds = Double(words[1]) else { break }
            let times = measure(exercise, seconds: seconds, inner: inner)
            JSON.print([
                ("us", .list(times.map { .number($0 * 1e6, decimals: 3) })),
                ("inner", .number(Double(inner))),
            ])
        }
        JSON.print([("peak_rss_mb", .number(peakMemory(), decimals: 1))])
    }

    /// Warms up, and finds how many iterations last 100 µs: a shorter sample would measure the
    /// clock.
    private static func iterationsPerSample(_ exercise: any Exercise) -> Int {
        let start = now()
        var shortest = Double.infinity
        var count = 0
        while count < 3 || (now() - start < 0.25 && count < 2000) {
            let start = now()
            exercise.step()
            shortest = min(shortest, now() - start)
            count += 1
        }
        return shortest < 50e-6 ? max(1, Int((100e-6 / shortest).rounded(.up))) : 1
    }

    /// Seconds of an iteration, from the initial state on, for at least `seconds`.
    private static func measure(
        _ exercise: any Exercise, seconds: Double, inner: Int
    ) -> [Double] {
        exercise.reset()
        if !exercise.isLong { for _ in 0..<2 { exercise.step() } }
        var times: [Double] = []
        let end = now() + seconds
        var last = now()
        repeat {
            let start = now()
            for _ in 0..<inner { exercise.step() }
            last = now()
            times.append((last - start) / Double(inner))
        } while last < end
        return times
    }
}
