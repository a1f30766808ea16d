import Autograd
import Foundation

/// The program: understands its arguments, and makes a line and an exit status of what is wrong
/// with them.
enum Program {
    static let help = """
        speed [OPTIONS]            time every workload, each in a process of its own
        speed --check              print the numbers by which participants are compared
        speed --list               print the workloads
        speed --machine            measure what the machine can do
        speed --worker WORKLOAD    serve measurements on standard input and output
        speed fusion | growth | overhead | memory
                                   studies of single questions

          --only REGEX     only the workloads whose name the expression matches somewhere
          --threads N      threads to use (default: 1)
          --seconds S      how long each workload is timed (default: 2)
          --json           one JSON object a line

        """

    /// - Returns: 0; 64 where the words make no sense; 1 where something failed.
    static func run(_ words: [String]) -> Int32 {
        do {
            let arguments = try Arguments(words)
            Threads.count = arguments.threads
            switch arguments.mode {
            case .help: printLine(help)
            case .list: list(arguments)
            case .check: check(arguments)
            case .machine: Machine.report(threads: arguments.threads, asJSON: arguments.isJSON)
            case .worker(let workload): Worker.serve(workload)
            case .study(let study): try study.run(arguments)
            case .measure: try Survey.run(arguments)
            }
            return 0
        } catch let error as UsageError {
            complain(error.description)
            return 64
        } catch {
            complain("\(error)")
            return 1
        }
    }

    private static func list(_ arguments: Arguments) {
        for workload in arguments.workloads {
            guard arguments.isJSON else {
                printLine(workload.name)
                continue
            }
            JSON.print([
                ("workload", .text(workload.name)), ("group", .text(workload.group.rawValue)),
                ("flops", .optional(workload.operations.map(Double.init))),
            ])
        }
    }

    private static func check(_ arguments: Arguments) {
        for workload in arguments.workloads {
            let numbers = workload.prepare().check()
            let value = numbers.map { JSON.list($0.map(JSON.number)) } ?? .null
            JSON.print([
                ("workload", .text(workload.name)), ("check", .object([("tapestry", value)])),
            ])
        }
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data("speed: \(message)\n".utf8))
    }
}
