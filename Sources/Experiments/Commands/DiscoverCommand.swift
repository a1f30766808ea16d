import Autograd
import Datasets
import FileSupport
import Foundation
import Models

enum DiscoverCommand: Command {
    static let name = "discover"
    static let summary = "Sorts atoms or molecules of micrographs into kinds by their codes"
    static let operands = ["RUN"]
    static let clusters = CommandOption(
        "clusters", "N", "number of kinds (default: as many as the truth has)")
    static let truth = CommandOption(
        "truth", "PATH",
        "a .csv file that says what is where, with columns y, x, kind and perhaps frame, angle and "
            + "symmetry, to be compared with")
    static let reach = CommandOption(
        "distance", "X", "how near what is found is to what it is compared with (default: 3 pixels)"
    )
    static let folder = CommandOption(
        "output", "DIR", "the output folder (default: discovery in the run's folder)")
    static let options =
        [clusters, truth, reach, .seed, folder] + PlacedCodes.options + [.json]
    static let details = """
        For runs on what tapestry patches wrote. What codes say besides angle, shift and size is fitted by a
        mixture of normal distributions, which has learned nothing of kinds. Draws which component each
        atom is of, clusters.png, of every frame of a stack, and writes clusters.csv. With --truth also
        discovery.json: each component stands for the kind of most of its atoms, and the share of atoms
        for which that is right is reported; and the mean error of angles of each kind, after the
        best offset, in the sense that fits better, and modulo its symmetry.
        """

    static func run(_ arguments: Arguments) throws {
        let reach =
            try arguments.number(reach, expected: "a number above 0 and up to 1000") {
                $0 > 0 && $0 <= 1000
            } ?? 3
        let asked = try arguments.integer(clusters, in: 1...1000)
        let seed = try arguments.seed() ?? 0
        if asked == nil, arguments.string(truth) == nil {
            throw UsageError("expected --clusters N, or --truth PATH")
        }
        let trained = try TrainedRun(arguments)
        let folder = arguments.string(folder) ?? trained.run.file("discovery")
        let known = try arguments.string(truth).map { try KnownThings(contentsOf: $0) }
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        let codes = try PlacedCodes(arguments, of: trained, for: name, work: work)
        let count = asked ?? known?.kinds.count ?? 1
        guard codes.positions.count >= count, codes.content.shape[1] > 0 else {
            throw FileError(
                path: trained.experiment.dataset.name,
                expected: "at least \(Format.count(count, "sample")) with codes",
                found: "\(codes.positions.count)")
        }
        work.begin("clusters")
        let found = try sorted(codes.content, into: count, seed: seed, monitor: work.monitor)
        let names = (1...count).map { "cluster \($0)" }
        let groups = names.enumerated().map { ($1, Color.category($0)) }
        let pictures = codes.frames.map { frame in
            let map = codes.map(of: frame, title: "clusters", legend: .groups(groups)) {
                Color.category(found[$0])
            }
            return (path: "\(folder)/\(codes.file("clusters", of: frame))", png: map.picture.png)
        }
        let result = known.map {
            DiscoveryResult(of: codes, clusters: found, count: count, known: $0, within: reach)
        }
        try work.conclude()
        let table = "\(folder)/clusters.csv"
        let scores = result == nil ? [] : ["\(folder)/discovery.json"]
        var inputs = trained.inputs
        inputs.add(arguments.string(truth))
        try inputs.refuse(writing: pictures.map(\.path) + [table] + scores)
        try makeFolder(at: folder)
        for picture in pictures { try AtomicFile.write(picture.png, to: picture.path) }
        var rows = codes.table
        rows = CSV.Table(
            header: rows.header + ["cluster"],
            rows: zip(rows.rows, found).map { $0 + ["\($1 + 1)"] })
        try CSV.write(rows, to: table)
        if let result, let path = scores.first { try JSON.write(result, to: path) }
        if arguments.has(.json), let result {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write(
                (result?.text ?? "")
                    + (pictures.map(\.path) + [table] + scores).map { $0 + "\n" }.joined())
        }
    }

    /// The component of each sample, numbered from 0, the most frequent first.
    private static func sorted(
        _ samples: Tensor, into count: Int, seed: UInt64,
        monitor: ProgressMonitor<some Error>
    ) throws -> [Int] {
        var generator = RandomGenerator(seed: seed)
        let mixture = try NormalMixture(
            of: samples, components: count, bestOf: 10, using: &generator, monitor: monitor)
        let numbers = mixture.components(of: samples)
        let counts = (0..<count).map { number in numbers.count { $0 == number } }
        let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        var ranks = Array(repeating: 0, count: count)
        for (rank, number) in order.enumerated() { ranks[number] = rank }
        return numbers.map { ranks[$0] }
    }
}
