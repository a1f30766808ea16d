import Autograd
import Datasets
import FileSupport
import Foundation

enum SchemaCommand: Command {
    static let name = "schema"
    static let summary = "Tells what the columns of a table seem to be"
    static let operands = ["FILE"]
    static let output = CommandOption("output", "PATH", "where to write (default: standard output)")
    static let options: [CommandOption] = [.label, output]
    static var details: String {
        let kinds = TableSchema.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        return """
            The answer is JSON, to be edited and given to tapestry train table --schema. The kind
            of a column is one of \(kinds): numbers are standardised or taken by their rank,
            categories have a unit for each value or, where they have many, a learned vector, and
            "missing" lists the texts that stand for a missing cell. What was found besides is
            told: how the file was read, what is left out and why, which cells do not fit.
            """
    }

    static func run(_ arguments: Arguments) throws {
        let path = try arguments.operand(0, "FILE")
        let table = try TableDataset.table(path)
        let schema = try TableSchema(
            inferredFrom: table,
            label: arguments.string(.label) ?? TableDataset.usualLabel(of: path), path: path)
        let notes = schema.notes(on: table)
        guard let output = arguments.string(output) else {
            for note in notes { Program.complain("\(path): \(note)") }
            return try StandardStreams.write(json: schema)
        }
        try ProtectedFiles([path]).refuse(writing: output)
        // Of all commands this one may be given any name: a slip must not cost a table or a run.
        if FileManager.default.fileExists(atPath: output),
            (try? TableSchema(contentsOf: output)) == nil
        {
            throw FileError(
                path: output, expected: "a new file, or a schema to write over",
                found: "something else")
        }
        try schema.write(to: output)
        let lines = schema.columns.map { ($0.name, $0.kind.rawValue) }
        try StandardStreams.write(
            "\(output)\n\(columns(lines))\(notes.map { "\($0)\n" }.joined())")
    }
}
