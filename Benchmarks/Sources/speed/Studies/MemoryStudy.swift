import Foundation

/// The most memory that training needs beyond the program's own, after few steps and after many:
/// that it does not grow.
enum MemoryStudy {
    static func run(_ arguments: Arguments) throws {
        printLine("peak memory in MiB beyond that of the program at its start\n")
        printLine(
            "workload".padding(26)
                + ["few steps", "many steps", "ratio"].map { $0.leading(14) }.joined())
        for workload in arguments.workloads where workload.group == .training {
            let few = try peak(workload, arguments, seconds: 0.01)
            let many = try peak(workload, arguments, seconds: arguments.seconds)
            printLine(
                workload.name.padding(26)
                    + [few, many].map { String(format: "%.1f", $0).leading(14) }.joined()
                    + String(format: "%.2f", many / few).leading(14))
        }
    }

    private static func peak(
        _ workload: Workload, _ arguments: Arguments, seconds: Double
    ) throws -> Double {
        let worker = try WorkerProcess([
            "--worker", workload.name, "--threads", "\(arguments.threads)",
        ])
        let ready: WorkerProcess.Ready = try worker.answer()
        try worker.ask("measure \(seconds)")
        let _: WorkerProcess.Times = try worker.answer()
        try worker.ask("quit")
        let end: WorkerProcess.End = try worker.answer()
        return end.peakMemory - ready.baseMemory
    }
}
