import Datasets
import FileSupport
import Foundation
import Models

/// The folder of a sweep: what is trained (`sweep.json`), and a folder for each run. It is locked
/// while a process trains the runs.
struct Sweep {
    struct Configuration: Codable, Hashable {
        /// The format of the file; files of other formats are not read.
        private(set) var format = Sweep.format
        /// The version of the program that started the sweep.
        var version = Program.version
        var recipe: String
        /// All options of the first run.
        var options: JSONValue
        var swept: [SweptOption]
        var data: DataSelection
        /// The initial parameters of the runs, if they are not drawn at random.
        var start: StartingParameters?
    }

    /// One of the runs.
    struct Member {
        let point: GridPoint
        let recipe: any Recipe
        /// The name of its folder in that of the sweep.
        let folder: String
    }

    /// The names of the files beside the folders of the runs.
    static let configurationName = "sweep.json"
    static let table = "sweep.csv"
    static let report = "sweep.html"

    fileprivate static let format = 1

    let path: String
    let configuration: Configuration
    /// The recipe of the first run.
    let recipe: any Recipe
    let grid: Grid
    let members: [Member]
    private let lock: FolderLock

    private init(
        at path: String, _ configuration: Configuration, _ recipe: some Recipe, _ grid: Grid,
        _ lock: FolderLock
    ) throws(OptionError) {
        (self.path, self.configuration) = (path, configuration)
        (self.recipe, self.grid) = (recipe, grid)
        members = try Self.members(of: recipe, grid)
        self.lock = lock
    }

    /// The runs of a recipe, whose options other than the swept ones are kept.
    static func members(
        of recipe: some Recipe, _ grid: Grid
    ) throws(OptionError) -> [Member] {
        let points = grid.points
        var members: [Member] = []
        for (point, folder) in zip(points, GridPoint.folderNames(of: points)) {
            members.append(
                Member(point: point, recipe: try recipe.choosing(point.texts), folder: folder))
        }
        return members
    }

    /// Whether a folder is that of a sweep.
    static func exists(at path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(configurationName)")
    }

    /// Starts a sweep in a folder that is new or empty.
    ///
    /// - Parameter recipe: that of the first run.
    static func create(
        at path: String, _ recipe: some Recipe, _ grid: Grid, data: DataSelection,
        start: StartingParameters?
    ) throws -> Sweep {
        try makeFolder(at: path)
        let lock = try FolderLock(path)
        try AtomicFile.removeUnfinished(in: path)
        let found = try namesInFolder(at: path)
        if let first = found.min() {
            throw FileError(
                path: path, expected: "a new or empty folder",
                found: exists(at: path)
                    ? "a sweep: resume it, or choose another folder" : first.quoted)
        }
        let configuration = Configuration(
            recipe: recipe.name, options: try recipe.encoded(), swept: grid.swept, data: data,
            start: start)
        let sweep = try Sweep(at: path, configuration, recipe, grid, lock)
        try JSON.write(configuration, to: sweep.file(configurationName))
        return sweep
    }

    /// Opens the sweep in a folder to continue it. Throws while another process trains it.
    static func resume(at path: String) throws -> Sweep {
        /// The members that files of all formats have.
        struct Origin: Decodable {
            var format: Int
            var version: String
        }
        let file = "\(path)/\(configurationName)"
        let expected = "the description of a sweep"
        let origin = try JSON.read(Origin.self, from: file, expected: expected, limit: 1 << 26)
        guard origin.format == format else {
            throw FileError(
                path: file, expected: "a sweep of format \(format)",
                found: "format \(origin.format), written by tapestry \(origin.version)")
        }
        let configuration = try JSON.read(
            Configuration.self, from: file, expected: expected, limit: 1 << 26)
        let lock = try FolderLock(path)
        try AtomicFile.removeUnfinished(in: path)
        func open<R: Recipe>(_ standard: R) throws -> Sweep {
            let recipe = try R(configuration.options)
            let texts = configuration.swept.compactMap { option in
                recipe.options.first { $0.name == option.name }.map {
                    (option.name, option.text(as: $0))
                }
            }
            let grid = try Grid(Dictionary(texts) { first, _ in first }, of: recipe)
            guard !grid.swept.isEmpty, grid.swept == configuration.swept else {
                throw UsageError("options that cannot be swept")
            }
            return try Sweep(at: path, configuration, recipe, grid, lock)
        }
        do {
            return try open(Recipes.named(configuration.recipe))
        } catch {
            throw FileError(path: file, expected: expected, found: "\(error)")
        }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The text that gives the values of a swept option.
    func text(of option: SweptOption) -> String {
        recipe.options.first { $0.name == option.name }.map(option.text)
            ?? option.values.joined(separator: ",")
    }

    // MARK: Runs

    /// The path of a run's folder.
    func path(of member: Member) -> String { file(member.folder) }

    /// Whether a run was trained to the end: its report is written last.
    func isFinished(_ member: Member) -> Bool {
        [RunFile.summary, RunFile.report].allSatisfy {
            FileManager.default.fileExists(atPath: file("\(member.folder)/\($0)"))
        }
    }

    /// Throws if a folder holds another run than that of the sweep.
    func check(_ run: TrainingRun, is member: Member) throws {
        let found = run.configuration
        let expected = "the run of the sweep with \(member.point.title)"
        var data = found.data
        // The same data may have been moved to another directory.
        data.directory = configuration.data.directory
        guard type(of: recipe).isCalled(found.recipe), data == configuration.data,
            found.start == configuration.start
        else { throw FileError(path: run.path, expected: expected, found: "a different run") }
        let options = try run.recipe().options
        if let other = zip(options, member.recipe.options).first(where: { $0.text != $1.text })?.0 {
            throw FileError(
                path: run.path, expected: expected, found: "one with --\(other.name) \(other.text)")
        }
    }
}

extension TrainingRun {
    /// The run in a folder that a user named, for reading.
    static func named(_ path: String) throws(FileError) -> TrainingRun {
        if Sweep.exists(at: path) {
            throw FileError(
                path: path, expected: "the folder of a run",
                found: "a sweep: name the folder of one of the runs in it")
        }
        return try open(at: path)
    }
}
