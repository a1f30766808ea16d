import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The codes of small images, at the places in micrographs that these were cut out of.
struct PlacedCodes {
    /// One number of the codes.
    struct Column {
        let name: String
        /// Of each position; of an angle in radians, anticlockwise.
        let values: [Double]
        var isAngle: Bool { name == "angle" }
        /// What files are called after it.
        var fileName: String { name.replacingOccurrences(of: " ", with: "-") }
    }

    let positions: [AtomPosition]
    let stack: [Micrograph]
    /// First those of the pose, if the model has one.
    let columns: [Column]
    /// `[positions, size]`: what codes say besides poses.
    let content: Tensor

    static let positionsFile = CommandOption(
        "positions", "PATH",
        "the positions of the samples, as tapestry patches writes them (default: positions.csv beside the data)"
    )
    static let image = CommandOption(
        "image", "PATH",
        "the micrograph, or a folder of frames (default: those that the positions name)")
    static let options: [CommandOption] = [positionsFile, image] + TrainedRun.options

    init(_ arguments: Arguments, of trained: TrainedRun, for command: String, work: LongWork) throws
    {
        let encoder = try trained.encoder(for: command)
        let dataset = trained.experiment.dataset
        let path = arguments.string(Self.positionsFile) ?? Self.positionsPath(beside: dataset.name)
        let table = try PositionTable(contentsOf: path)
        stack = try Self.stack(of: table, image: arguments.string(Self.image))
        positions = try table.positions(in: stack)
        work.begin("codes")
        var codes: [Int: Tensor] = [:]
        for part in [dataset.training, dataset.test] {
            let made = try trained.finiteCodes(of: part, by: encoder, monitor: work.monitor)
            for row in 0..<part.count { codes[part.origin(of: row)] = made[row..<row + 1] }
        }
        guard codes.count == positions.count, codes.keys.allSatisfy(positions.indices.contains)
        else {
            throw FileError(
                path: path,
                expected: "\(Format.count(codes.count, "position")), one for each sample of "
                    + dataset.name,
                found: "\(Format.count(positions.count))")
        }
        // Sound: there is a code for each position.
        let all = concatenated(positions.indices.map { codes[$0]! }).cast(to: .float64)
        let layout = (trained.model as? any HasPoses)?.poseLayout
        content = layout?.content(of: all) ?? all
        columns = Self.columns(of: all, layout)
    }

    private static func columns(of codes: Tensor, _ layout: PoseLayout?) -> [Column] {
        let pose = layout?.names ?? []
        let angles = layout?.poses(of: codes).angles
        return (0..<codes.shape[1]).map { index in
            let isPose = index < pose.count
            let name = isPose ? pose[index] : "code \(index - pose.count + 1)"
            let values = isPose && name == "angle" ? angles : nil
            return Column(
                name: name, values: (values ?? codes[.all, index]).elements(as: Double.self))
        }
    }

    private static func positionsPath(beside data: String) -> String {
        URL(fileURLWithPath: data).deletingLastPathComponent()
            .appendingPathComponent("positions.csv").path
    }

    private static func stack(
        of table: PositionTable, image: String?
    ) throws(FileError) -> [Micrograph] {
        if let image { return try Micrograph.stack(at: [image]).map(\.micrograph) }
        guard let names = table.texts(of: "image") else {
            throw FileError(
                path: table.path,
                expected: "a column image, or the micrograph as --\(Self.image.name)",
                found: "neither")
        }
        var paths: [Int: String] = [:]
        for (position, name) in zip(table.positions, names) {
            paths[position.frame] = paths[position.frame] ?? name
        }
        // A frame of which nothing was cut out is not named, and not drawn.
        let count = (paths.keys.max() ?? 0) + 1
        var known: [String: Micrograph] = [:]
        for path in Set(paths.values).sorted() { known[path] = try Micrograph(contentsOf: path) }
        // Sound: all of them are keys.
        return (0..<count).map { known[paths[$0] ?? names[0]]! }
    }

    /// The frames in which there are positions.
    var frames: [Int] { Set(positions.map(\.frame)).sorted() }

    /// A map of a frame, in which each position has a colour.
    func map(
        of frame: Int, title: String, legend: PositionMap.Legend, color: (_ position: Int) -> Color
    ) -> PositionMap {
        let some = positions.indices.filter { positions[$0].frame == frame }
        return PositionMap(
            title: title, micrograph: stack[frame], positions: some.map { positions[$0] },
            colors: some.map(color), legend: legend)
    }

    /// The name of a picture of a frame.
    func file(_ name: String, of frame: Int) -> String {
        stack.count > 1 ? "\(name)-frame-\(frame + 1).png" : "\(name).png"
    }
}
