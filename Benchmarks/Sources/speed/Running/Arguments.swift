import Autograd
import Foundation

/// Arguments that make no sense; one line says why.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What the words after the command ask for.
struct Arguments {
    enum Mode {
        case measure, check, list, machine, help
        case worker(Workload)
        case study(Study)
    }

    private(set) var mode = Mode.measure
    private(set) var workloads = Workload.all
    private(set) var threads = 1
    private(set) var seconds = 2.0
    private(set) var isJSON = false

    init(_ words: [String]) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--check": try choose(.check)
            case "--list": try choose(.list)
            case "--machine": try choose(.machine)
            case "--help", "-h": mode = .help
            case "--json": isJSON = true
            case "--worker":
                let name = try Self.value(of: word, &rest)
                guard let workload = Workload.all.first(where: { $0.name == name }) else {
                    throw UsageError("no workload is called \"\(name)\"; --list names them")
                }
                try choose(.worker(workload))
            case "--only":
                let pattern = try Self.value(of: word, &rest)
                guard let expression = try? NSRegularExpression(pattern: pattern) else {
                    throw UsageError("--only \(pattern): not a regular expression")
                }
                workloads = workloads.filter { expression.matches($0.name) }
                guard !workloads.isEmpty else {
                    throw UsageError("--only \(pattern): matches no workload; --list names them")
                }
            case "--threads":
                let text = try Self.value(of: word, &rest)
                guard let number = Int(text), (1...Threads.maximum).contains(number) else {
                    throw UsageError(
                        "--threads \(text): expected a whole number from 1 to \(Threads.maximum)")
                }
                threads = number
            case "--seconds":
                let text = try Self.value(of: word, &rest)
                guard let number = Double(text), number > 0, number <= 3600 else {
                    throw UsageError("--seconds \(text): expected a number above 0, at most 3600")
                }
                seconds = number
            default:
                guard let study = Study(rawValue: word) else {
                    throw UsageError("unknown argument \"\(word)\"; --help names them")
                }
                try choose(.study(study))
            }
        }
    }

    private mutating func choose(_ other: Mode) throws(UsageError) {
        guard case .measure = mode else {
            throw UsageError("only one of --check, --list, --machine, --worker and the studies")
        }
        mode = other
    }

    private static func value(
        of option: String, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let value = rest.popFirst(), !value.hasPrefix("--") else {
            throw UsageError("\(option) needs a value")
        }
        return value
    }
}

extension NSRegularExpression {
    fileprivate func matches(_ text: String) -> Bool {
        firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
}
