import Datasets
import FileSupport
import Foundation

enum PatchesCommand: Command {
    static let name = "patches"
    static let summary = "Cuts small images of atoms out of micrographs"
    static let operands = ["IMAGE"]
    static let repeatsLastOperand = true
    static let positions = CommandOption(
        "positions", "PATH", "a .csv file of positions, with columns y and x and perhaps frame")
    static let find = CommandOption("find", nil, "find the atoms")
    static let radius = CommandOption(
        "atom-radius", "X", "with --find, the radius of an atom in pixels (default: 4)")
    static let threshold = CommandOption(
        "threshold", "X",
        "with --find, the least contrast of an atom, as a share of the greatest (default: 0.2)")
    static let dark = CommandOption(
        "dark", nil, "with --find, atoms are darker than what is around them")
    static let distance = CommandOption(
        "distance", "X", "with --find, the least distance of atoms in pixels (default: the radius)")
    static let compare = CommandOption(
        "compare", "PATH", "with --find, positions to compare with those found")
    static let size = CommandOption("size", "N", "side of the small images in pixels (default: 32)")
    static let stretch = CommandOption(
        "stretch", nil, "make the darkest pixel black and the brightest white, as for 16-bit images"
    )
    static let folder = CommandOption("output", "DIR", "the output folder (default: patches)")
    static let options: [CommandOption] = [
        positions, find, radius, threshold, dark, distance, compare, size, stretch, folder, .quiet,
    ]
    static let details = """
        IMAGE is a grey PNG or JPEG file; several, or a folder of them, are the frames of a stack.
        Positions are in pixels from the middle of the first one, y downwards and x to the right; without a
        column frame, which counts from 1, they are those of every frame. Writes patches.npy, for tapestry
        train rvae --data DIR/patches.npy, and positions.csv, which says where each is from, for tapestry
        map-back. The pixel nearest to an atom is the one at half the side of its small image, which has
        the pixels of the micrograph unchanged; those that would reach beyond the border are left out.
        """

    /// How near two positions of the same atom are.
    private static let reach = 2.0

    static func run(_ arguments: Arguments) throws {
        let detector = try detector(arguments)
        let size = try arguments.integer(size, in: 2...1024) ?? 32
        let folder = arguments.string(folder) ?? "patches"
        _ = try arguments.operand(0, "IMAGE")
        let stack = try Micrograph.stack(at: arguments.operands)
        let frames = stack.map(\.micrograph)
        for (path, frame) in stack where frame.height < size || frame.width < size {
            throw FileError(
                path: path, expected: "an image of at least \(size) × \(size) pixels",
                found: "\(frame.height) × \(frame.width)")
        }
        let outputs = ["patches.npy", "positions.csv"].map { "\(folder)/\($0)" }
        try ProtectedFiles(
            stack.map(\.path) + [arguments.string(positions), arguments.string(compare)]
        ).refuse(writing: outputs)
        let others = try arguments.string(compare).map { path throws(FileError) in
            try PositionTable(contentsOf: path).positions(in: frames)
        }
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        var (positions, contrasts): ([AtomPosition], [Double]) = ([], [])
        if let detector {
            work.begin("atoms")
            for (index, frame) in frames.enumerated() {
                try work.monitor.checkCancellation()
                for blob in detector(frame) {
                    positions.append(AtomPosition(frame: index, y: blob.y, x: blob.x))
                    contrasts.append(blob.contrast)
                }
            }
        } else if let path = arguments.string(Self.positions) {
            positions = try PositionTable(contentsOf: path).positions(in: frames)
        }
        let patches = Patches(
            of: frames, at: positions, size: size,
            levels: arguments.has(stretch) ? try levels(of: stack) : 0...1)
        guard !patches.kept.isEmpty else {
            throw FileError(
                path: stack[0].path,
                expected: "an atom around which there are \(size) × \(size) pixels",
                found: positions.isEmpty ? "no atoms" : "only some nearer to the border")
        }
        try work.conclude()
        try makeFolder(at: folder)
        try NPY.write(patches.images, to: outputs[0])
        var table = CSV.Table(
            header: ["image", "frame", "y", "x"] + (detector == nil ? [] : ["contrast"]), rows: [])
        for index in patches.kept {
            let position = positions[index]
            table.append(
                [
                    absolute(stack[position.frame].path), "\(position.frame + 1)", "\(position.y)",
                    "\(position.x)",
                ] + (detector == nil ? [] : ["\(contrasts[index])"]))
        }
        try CSV.write(table, to: outputs[1])
        var lines = frames.indices.map { frame in
            let all = positions.count { $0.frame == frame }
            let kept = patches.kept.count { positions[$0].frame == frame }
            return (frames.count > 1 ? "frame \(frame + 1): " : "")
                + Format.count(all, detector == nil ? "position" : "atom") + ", "
                + "\(Format.count(kept, "patch", "patches")) of \(size) × \(size) pixels, "
                + "\(Format.count(all - kept)) too near to the border"
        }
        if let others { lines.append(comparison(positions, others)) }
        try StandardStreams.write((lines + outputs).map { $0 + "\n" }.joined())
    }

    /// Nil if positions are given.
    private static func detector(_ arguments: Arguments) throws(UsageError) -> BlobDetector? {
        let isGiven = arguments.string(positions) != nil
        guard isGiven != arguments.has(find) else {
            throw UsageError(
                isGiven
                    ? "--positions and --find: expected one of them"
                    : "expected --positions PATH, or --find")
        }
        let others = [radius, threshold, distance, compare].filter { arguments.string($0) != nil }
        if isGiven, let other = others.first ?? (arguments.has(dark) ? dark : nil) {
            throw UsageError("--\(other.name): only with --find")
        }
        guard !isGiven else { return nil }
        let expected = "a number from 1 to 1000"
        let radius = try arguments.number(radius, expected: expected) { 1...1000 ~= $0 } ?? 4
        return BlobDetector(
            radius: radius,
            threshold: try arguments.number(threshold, expected: "a number from 0 to 1") {
                0...1 ~= $0
            } ?? 0.2,
            isDark: arguments.has(dark),
            minimumDistance: try arguments.number(distance, expected: expected) { 1...1000 ~= $0 })
    }

    /// From the darkest to the brightest pixel.
    private static func levels(
        of stack: [(path: String, micrograph: Micrograph)]
    ) throws(FileError) -> ClosedRange<Float> {
        let pixels = stack.lazy.flatMap(\.micrograph.pixels)
        guard let least = pixels.min(), let greatest = pixels.max(), least < greatest else {
            throw FileError(
                path: stack[0].path, expected: "pixels that differ, to stretch their levels",
                found: "all of one level")
        }
        return least...greatest
    }

    private static func comparison(_ found: [AtomPosition], _ given: [AtomPosition]) -> String {
        func near(_ some: [AtomPosition], _ others: [AtomPosition]) -> String {
            let count = nearestPositions(of: some, among: others, within: reach).count { $0 != nil }
            return "\(Format.count(count)) of \(Format.count(some.count))"
                + (some.isEmpty
                    ? "" : " (\(Format.percentage(Double(count) / Double(some.count))))")
        }
        return "\(near(given, found)) given positions are within 2 pixels of one found, "
            + "\(near(found, given)) found of one given"
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
