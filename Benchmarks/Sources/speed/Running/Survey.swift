import Foundation

/// All workloads one after another, each by a worker in a process of its own, so that none finds
/// what another left in memory or cache.
enum Survey {
    /// The time is given in turns, as a comparison gives it.
    private static let rounds = 4

    static func run(_ arguments: Arguments) throws {
        let machine = Machine(threads: arguments.threads)
        if !arguments.isJSON { printLine(machine.summary + "\n\n" + heading) }
        for workload in arguments.workloads {
            let result = try measure(workload, arguments)
            if arguments.isJSON {
                JSON.print(result.members)
            } else {
                printLine(line(result, machine))
            }
        }
    }

    private static func measure(_ workload: Workload, _ arguments: Arguments) throws -> Result {
        let worker = try WorkerProcess([
            "--worker", workload.name, "--threads", "\(arguments.threads)",
        ])
        let ready: WorkerProcess.Ready = try worker.answer()
        var times: [Double] = []
        var inner = 1
        for _ in 0..<rounds {
            try worker.ask("measure \(arguments.seconds / Double(rounds))")
            let answer: WorkerProcess.Times = try worker.answer()
            times += answer.us
            inner = answer.inner
        }
        try worker.ask("quit")
        let end: WorkerProcess.End = try worker.answer()
        return Result(
            workload: workload, threads: arguments.threads, samples: Samples(times), inner: inner,
            ready: ready, peakMemory: end.peakMemory)
    }

    private static let heading =
        "workload".padding(26)
        + ["median µs", "quartiles", "GFLOP/s", "of peak", "over floor"]
        .enumerated().map { $1.leading($0 == 1 ? 24 : 12) }.joined()

    private static func line(_ result: Result, _ machine: Machine) -> String {
        let samples = result.samples
        let rate = result.gigaflops
        let floor = machine.floor(
            operations: result.workload.operations ?? 0, bytes: result.ready.bytes)
        // What costs next to no arithmetic has none to speak of.
        let hasFloor = result.workload.group != .overhead
        return result.workload.name.padding(26) + number(samples.median).leading(12)
            + "\(number(samples.lowerQuartile)) … \(number(samples.upperQuartile))".leading(24)
            + (rate.map { String(format: "%.1f", $0) } ?? "").leading(12)
            + (rate.map { String(format: "%.0f %%", 100 * $0 / machine.peak) } ?? "").leading(12)
            + (hasFloor ? String(format: "%.2f", samples.median / (1e6 * floor)) : "").leading(12)
    }

    private static func number(_ microseconds: Double) -> String {
        String(
            format: microseconds < 100 ? "%.2f" : microseconds < 1000 ? "%.1f" : "%.0f",
            microseconds)
    }
}

/// What was measured of a workload.
private struct Result {
    let workload: Workload
    let threads: Int
    let samples: Samples
    let inner: Int
    let ready: WorkerProcess.Ready
    let peakMemory: Double

    var gigaflops: Double? {
        workload.operations.map { Double($0) / samples.median / 1e3 }
    }

    var members: [(String, JSON)] {
        [
            ("workload", .text(workload.name)), ("framework", .text("tapestry")),
            ("threads", .number(Double(threads))),
            ("median_us", .number(samples.median, decimals: 3)),
            ("min_us", .number(samples.minimum, decimals: 3)),
            ("samples", .number(Double(samples.count))),
            ("flops", .optional(workload.operations.map(Double.init))),
            ("peak_rss_mb", .number(peakMemory)),
            ("q1_us", .number(samples.lowerQuartile, decimals: 3)),
            ("q3_us", .number(samples.upperQuartile, decimals: 3)),
            ("inner", .number(Double(inner))),
            ("gflops", gigaflops.map { .number($0, decimals: 2) } ?? .null),
            ("setup_s", .number(ready.setup)), ("base_rss_mb", .number(ready.baseMemory)),
        ]
    }
}

extension String {
    /// With spaces behind up to a width.
    func padding(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// With spaces before up to a width.
    func leading(_ width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
