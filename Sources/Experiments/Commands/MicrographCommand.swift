import Datasets
import FileSupport

enum MicrographCommand: Command {
    static let name = "micrograph"
    static let summary = "Draws micrographs of which all is known, to try the others on"
    static let operands = ["KIND"]
    static let frames = CommandOption(
        "frames", "N", "number of images (default: 8 of a lattice, 4 of molecules)")
    static let size = CommandOption(
        "size", "N", "height and width of an image (default: 256 of a lattice, 512 of molecules)")
    static let noise = CommandOption(
        "noise", "X", "deviation of the noise, in grey levels from 0 to 1 (default: 0.1)")
    static let folder = CommandOption("output", "DIR", "the output folder (default: KIND)")
    static let options: [CommandOption] = [frames, size, noise, .seed, folder]
    static let details = """
        KIND is disordering, a lattice whose atoms leave their places from image to image until some
        vanish; or molecules, small ones of four kinds in any orientation. Writes frame-1.png and so on,
        and truth.csv, which says what is where: frame, y, x, kind, angle (anticlockwise, in degrees)
        and symmetry, by how many angles of a whole turn it looks alike.
        """

    private enum Kind: String, CaseIterable {
        case disordering, molecules
    }

    static func run(_ arguments: Arguments) throws {
        let word = try arguments.operand(0, "KIND")
        guard let kind = Kind(rawValue: word) else {
            throw UsageError(unknown: "kind", word, known: Kind.allCases.map(\.rawValue))
        }
        let isLattice = kind == .disordering
        let frames = try arguments.integer(frames, in: 1...10_000) ?? (isLattice ? 8 : 4)
        let size = try arguments.integer(size, in: 64...8192) ?? (isLattice ? 256 : 512)
        let noise =
            try arguments.number(noise, expected: "a number from 0 to 1") { 0...1 ~= $0 } ?? 0.1
        let seed = try arguments.seed() ?? 0
        let made: GeneratedMicrographs =
            switch kind {
            case .disordering:
                .disordering(frames: frames, size: size, noise: noise, seed: seed)
            case .molecules: .molecules(frames: frames, size: size, noise: noise, seed: seed)
            }
        let folder = arguments.string(folder) ?? kind.rawValue
        try makeFolder(at: folder)
        for (index, frame) in made.frames.enumerated() {
            try frame.write(to: "\(folder)/frame-\(index + 1).png")
        }
        try CSV.write(made.table, to: "\(folder)/truth.csv")
        try StandardStreams.write(
            "\(Format.count(frames, "image")) with \(Format.count(made.things.count, "thing"))\n"
                + "\(folder)/truth.csv\n")
    }
}
