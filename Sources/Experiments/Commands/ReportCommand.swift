import Models

enum ReportCommand: Command {
    static let name = "report"
    static let summary = "Rewrites the report of a run from the files in its folder"
    static let operands = ["RUN"]

    static func run(_ arguments: Arguments) throws {
        let run = try TrainingRun.named(arguments.operand(0, "RUN"))
        try RunReport(of: run).write()
        try StandardStreams.write("\(run.file(RunFile.report))\n")
    }
}
