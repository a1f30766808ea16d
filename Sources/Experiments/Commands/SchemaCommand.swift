import Autograd
import Datasets
import FileSupport
import Foundation

enum SchemaCommand: Command {
    static let name = "schema"
    static let summary = "Infers the kinds of a table's columns"
    static let operands = ["FILE"]
    static let output = CommandOption(
        "output", "PATH", "the output file (default: standard output)")
    static let options: [CommandOption] = [.label, output]
    static var details: String {
        let kinds = TableSchema.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        return """
            The output is JSON, to be edited and given to tapestry train table --schema. The kind
            of a column is one of \(kinds): numbers are standardised or replaced by their rank,
            categories are one-hot encoded or, if they have many values, embedded as learned
            vectors, and "missing" lists the texts that stand for a missing cell. It also reports
            how the file was read, what is left out and why, and which cells do not fit.
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
        // The output may have any name here: a typing error must not destroy a table or a run.
        if FileManager.default.fileExists(atPath: output),
            (try? TableSchema(contentsOf: output)) == nil
        {
            throw FileError(
                path: output, expected: "a new file, or a schema to overwrite",
                found: "something else")
        }
        try schema.write(to: output)
        let lines = schema.columns.map { ($0.name, $0.kind.rawValue) }
        try StandardStreams.write(
            "\(output)\n\(columns(lines))\(notes.map { "\($0)\n" }.joined())")
    }
}
