import Autograd
import Datasets
import Foundation
import Models

/// Which data set, said such that it is found again from another folder.
struct DataChoice: Equatable, Codable {
    static let standard = "digits"

    /// The name of a data set, or the absolute path of a file.
    let name: String
    /// The absolute path of the folder it lies in, where it has to be looked for in one.
    let directory: String?

    init(name: String, directory: String?) {
        self.name = name
        self.directory = directory
    }

    /// What a run was trained on.
    init(of run: Run) {
        self.init(name: run.configuration.data, directory: run.configuration.dataDirectory)
    }

    /// What the options say; where they say nothing, `standard`.
    init(_ arguments: Arguments, otherwise standard: DataChoice) throws(UsageError) {
        let given = arguments.string(.data)
        guard let name = given ?? (arguments.string(.dataDirectory).map { _ in standard.name })
        else {
            self = standard
            return
        }
        try self.init(named: name, arguments)
    }

    /// That of a name, in the folder that the options say.
    init(named name: String, _ arguments: Arguments) throws(UsageError) {
        guard
            Dataset.names.contains(name) || name.contains("/") || name.contains(".")
                || FileManager.default.fileExists(atPath: name)
        else {
            throw UsageError(unknown: "data set", name, known: Dataset.names)
        }
        self.name = Dataset.names.contains(name) ? name : Self.absolute(name)
        if Dataset.namesInDirectories.contains(name) {
            let environment = ProcessInfo.processInfo.environment["TAPESTRY_DATA"]
            directory = (arguments.string(.dataDirectory) ?? environment).map(Self.absolute)
        } else if arguments.string(.dataDirectory) != nil {
            throw UsageError("--data-directory: the data set \(name) is not looked for in one")
        } else {
            directory = nil
        }
    }

    func load() throws(FileError) -> Dataset { try Dataset.named(name, directory: directory) }

    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
