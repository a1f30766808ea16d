import Datasets
import FileSupport
import Foundation

enum MapBackCommand: Command {
    static let name = "map-back"
    static let summary = "Draws the codes of atoms over the micrograph that they are in"
    static let operands = ["RUN"]
    static let symmetry = CommandOption(
        "symmetry", "N",
        "by how many angles of a whole turn an atom's surroundings look alike: these angles have one colour (default: 1)"
    )
    static let folder = CommandOption(
        "output", "DIR", "the output folder (default: maps in the run's folder)")
    static let options = [symmetry, folder] + PlacedCodes.options
    static let details = """
        For runs on what tapestry patches wrote. Draws each number of the codes as a picture, of every frame of a
        stack: angles in colours that go round, other numbers from dark to light between their
        quantiles 0.02 and 0.98. codes.csv has them all: angles in degrees, anticlockwise; shifts and
        sizes in their units before an image is seen, as embed writes them.
        """

    static func run(_ arguments: Arguments) throws {
        let symmetry = try arguments.integer(symmetry, in: 1...100) ?? 1
        let trained = try TrainedRun(arguments)
        let folder = arguments.string(folder) ?? trained.run.file("maps")
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        let codes = try PlacedCodes(arguments, of: trained, for: name, work: work)
        work.begin("maps")
        var pictures: [(path: String, png: [UInt8])] = []
        for column in codes.columns {
            let drawn = column.isAngle ? Shown(angle: column, symmetry) : Shown(number: column)
            for frame in codes.frames {
                try work.monitor.checkCancellation()
                let map = codes.map(of: frame, title: column.name, legend: drawn.legend) {
                    drawn.scale.color(at: drawn.places[$0])
                }
                pictures.append(
                    ("\(folder)/\(codes.file(column.fileName, of: frame))", map.picture.png))
            }
        }
        try work.conclude()
        let table = "\(folder)/codes.csv"
        try trained.inputs.refuse(writing: pictures.map(\.path) + [table])
        try makeFolder(at: folder)
        for picture in pictures { try AtomicFile.write(picture.png, to: picture.path) }
        try CSV.write(codes.table, to: table)
        try StandardStreams.write((pictures.map(\.path) + [table]).map { $0 + "\n" }.joined())
    }

    /// How a column is drawn.
    private struct Shown {
        let scale: ColorScale
        let legend: PositionMap.Legend
        /// On the scale, from 0 to 1.
        let places: [Double]

        init(angle column: PlacedCodes.Column, _ symmetry: Int) {
            let period = 2 * Double.pi / Double(symmetry)
            scale = .cyclic
            let end = String(format: "%g degrees", 360 / Double(symmetry))
            legend = .scale(scale, from: "0", to: end)
            places = column.values.map { value in
                let place = value / period
                return place - place.rounded(.down)
            }
        }

        init(number column: PlacedCodes.Column) {
            let sorted = column.values.sorted()
            func quantile(_ share: Double) -> Double {
                // Sound: a share of the last index.
                sorted[Int((share * Double(sorted.count - 1)).rounded())]
            }
            let (least, greatest) = (quantile(0.02), quantile(0.98))
            scale = .sequential
            legend = .scale(scale, from: Format.number(least), to: Format.number(greatest))
            places = column.values.map {
                greatest > least ? min(max(($0 - least) / (greatest - least), 0), 1) : 0.5
            }
        }
    }
}

extension PlacedCodes {
    /// Where each atom is, and all numbers of its code.
    var table: CSV.Table {
        var table = CSV.Table(header: ["frame", "y", "x"] + columns.map(\.name), rows: [])
        for (index, position) in positions.enumerated() {
            table.append(
                ["\(position.frame + 1)", "\(position.y)", "\(position.x)"]
                    + columns.map {
                        "\($0.isAngle ? $0.values[index] * 180 / .pi : $0.values[index])"
                    })
        }
        return table
    }
}
