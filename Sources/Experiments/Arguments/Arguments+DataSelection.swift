import Autograd
import Datasets
import FileSupport
import Foundation
import Models

extension DataSelection {
    static let standard = "digits"

    /// The data set that the options name, with absolute paths; without such options that of
    /// `standard`, but without its selection of samples and columns.
    init(_ arguments: Arguments, otherwise standard: DataSelection) throws(UsageError) {
        let given = arguments.string(.data)
        guard let name = given ?? (arguments.string(.dataDirectory).map { _ in standard.name })
        else {
            self.init(standard.name, directory: standard.directory)
            return
        }
        try self.init(named: name, arguments)
    }

    /// The data set of a name, in the directory that the options give.
    init(named name: String, _ arguments: Arguments) throws(UsageError) {
        guard
            Dataset.names.contains(name) || name.contains("/") || name.contains(".")
                || FileManager.default.fileExists(atPath: Dataset.filePath(of: name))
        else {
            throw UsageError(unknown: "data set", name, known: Dataset.names)
        }
        self.init(Dataset.names.contains(name) ? name : Self.absolute(name))
        if Dataset.namesInDirectories.contains(name) {
            let environment = ProcessInfo.processInfo.environment["TAPESTRY_DATA"]
            directory = (arguments.string(.dataDirectory) ?? environment).map(Self.absolute)
        } else if arguments.string(.dataDirectory) != nil {
            throw UsageError("--data-directory: the data set \(name) does not use a directory")
        }
    }

    func load() throws(FileError) -> Dataset { try Dataset.named(name, directory: directory) }

    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// A copy with the samples and columns that the options select.
    func selecting(_ arguments: Arguments) throws(UsageError) -> DataSelection {
        guard arguments.string(.label) == nil || arguments.string(.labels) == nil else {
            throw UsageError(
                "--\(CommandOption.label.name) and --\(CommandOption.labels.name): give only one "
                    + "of them")
        }
        var selection = self
        selection.testShare = try arguments.number(
            .testShare, expected: "a number from 0 to below 1"
        ) { 0..<1 ~= $0 }
        selection.hidden = try arguments.number(
            .hiddenShare, expected: "a number above 0 and below 1"
        ) { $0 > 0 && $0 < 1 }
        selection.schema = arguments.string(.schema).map(Self.absolute)
        selection.label = arguments.string(.label)
        selection.labels = arguments.string(.labels).map(Self.absolute)
        selection.normal = arguments.string(.normal)
        return selection
    }

    /// The options, with their values, that give this selection of samples and columns.
    var asOptions: [(option: CommandOption, value: String)] {
        let options: [(CommandOption, String?)] = [
            (.schema, schema), (.label, label), (.labels, labels),
            (.testShare, testShare.map { "\($0)" }),
            (.normal, normal), (.hiddenShare, hidden.map { "\($0)" }),
        ]
        return options.compactMap { option, value in value.map { (option, $0) } }
    }
}

extension Arguments {
    /// The samples and columns that the options select, for any data set.
    func selection() throws(UsageError) -> DataSelection {
        try DataSelection(DataSelection.standard).selecting(self)
    }

    func seed() throws(UsageError) -> UInt64? {
        try integer(.seed, in: 0...Int.max).map(UInt64.init)
    }

    /// Sets the number of threads if the option is given.
    func applyThreads() throws(UsageError) {
        if let threads = try integer(.threads, in: 1...Threads.maximum) { Threads.count = threads }
    }
}
