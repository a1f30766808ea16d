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
        let ofLabels = [CommandOption.label, .labels].first { arguments.string($0) != nil }
        if let ofLabels, arguments.string(.condition) != nil {
            throw UsageError(
                "--\(ofLabels.name) and --\(CommandOption.condition.name): give only one of them")
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
        selection.masks = arguments.string(.masks).map(Self.absolute)
        selection.condition = arguments.string(.condition)
        selection.normal = arguments.string(.normal)
        selection.labelsKept = try arguments.integer(.labelsKept, in: 1...Int.max)
        selection.images = try arguments.imageFitting()
        selection.turning = try arguments.turning()
        selection.binarization = try arguments.choice(.binarization)
        selection.dequantization = try arguments.choice(.dequantization)
        guard selection.binarization == nil || selection.dequantization == nil else {
            throw UsageError(
                "--\(CommandOption.binarization.name) and --\(CommandOption.dequantization.name): "
                    + "give only one of them")
        }
        return selection
    }

    /// The options, with their values, that give this selection of samples and columns.
    var asOptions: [(option: CommandOption, value: String)] {
        let options: [(CommandOption, String?)] = [
            (.schema, schema), (.label, label), (.labels, labels), (.masks, masks),
            (.condition, condition),
            (.testShare, testShare.map { "\($0)" }),
            (.normal, normal), (.labelsKept, labelsKept.map { "\($0)" }),
            (.turning, turning?.text), (.binarization, binarization?.rawValue),
            (.dequantization, dequantization?.rawValue),
            (.hiddenShare, hidden.map { "\($0)" }),
            (.imageSize, images?.size.map { "\($0.height)x\($0.width)" }),
            (.imageChannels, images?.channels.map { "\($0)" }),
            (.damagedImages, images?.skipsDamaged == true ? "skip" : nil),
        ]
        return options.compactMap { option, value in value.map { (option, $0) } }
    }
}

extension Arguments {
    /// The samples and columns that the options select, for any data set.
    func selection() throws(UsageError) -> DataSelection {
        try DataSelection(DataSelection.standard).selecting(self)
    }

    /// How images are turned; nil if they are not.
    fileprivate func turning() throws(UsageError) -> Turning? {
        guard let text = string(.turning) else { return nil }
        guard let turning = Turning(text) else {
            throw UsageError(
                "--\(CommandOption.turning.name) \(text.shortened): expected uniform:DEGREES or "
                    + "normal:DEGREES")
        }
        return turning
    }

    /// How images of a folder become samples; nil if no option is about that.
    fileprivate func imageFitting() throws(UsageError) -> ImageFitting? {
        guard CommandOption.ofImageFolders.contains(where: { string($0) != nil }) else {
            return nil
        }
        var fitting = ImageFitting()
        if let text = string(.imageSize) {
            let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard 1...2 ~= sides.count, let height = sides[0], let width = sides[sides.count - 1],
                1...4096 ~= height, 1...4096 ~= width
            else {
                throw UsageError(
                    "--\(CommandOption.imageSize.name) \(text.shortened): expected a whole number from 1 to "
                        + "4096, or two such as 48x64")
            }
            fitting.size = Size2D(height: height, width: width)
        }
        if let text = string(.imageChannels) {
            guard let channels = Int(text), channels == 1 || channels == 3 else {
                throw UsageError(
                    "--\(CommandOption.imageChannels.name) \(text.shortened): expected 1 or 3")
            }
            fitting.channels = channels
        }
        if let text = string(.damagedImages) {
            guard ["refuse", "skip"].contains(text) else {
                throw UsageError(
                    "--\(CommandOption.damagedImages.name) \(text.shortened): expected refuse or skip"
                )
            }
            fitting.skipsDamaged = text == "skip"
        }
        return fitting
    }

    /// One of several values by name; nil if the option is not given.
    fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ option: CommandOption
    ) throws(UsageError) -> Choice? {
        guard let text = string(option) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw UsageError(
                "--\(option.name) \(text): expected "
                    + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    func seed() throws(UsageError) -> UInt64? {
        try integer(.seed, in: 0...Int.max).map(UInt64.init)
    }

    /// Sets the number of threads if the option is given.
    func applyThreads() throws(UsageError) {
        if let threads = try integer(.threads, in: 1...Threads.maximum) { Threads.count = threads }
    }
}
