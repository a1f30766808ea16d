import Autograd
import Datasets
import Foundation
import LatentAnalysis
import Models

/// The samples of an explorer: test samples to start from, and training samples, among them the nearest
/// ones to these, which it shows beside what it draws.
struct ExplorerSamples: Codable, Equatable {
    /// A small picture of every sample, the test samples first: a PNG file in base64.
    var sprite: String
    var width: Int
    var height: Int
    var columns: Int
    /// The names of all samples' classes, in the same order; empty without.
    var classes: [String]
    /// The numbers of the test samples among all of the data, from 1.
    var numbers: [Int]
    /// Of the test samples, `[n, size]`.
    var codes: PackedTensor
    /// What is told of the test samples: class numbers, or numbers; empty if nothing is.
    var told: [Double]
    /// Of the training samples, `[n, size]`.
    var trainingCodes: PackedTensor
    /// How many training samples were looked through for those nearest to each test sample, and how many
    /// these are.
    var searched: Int
    var nearest: Int

    private static let mostStarts = 20
    private static let mostTraining = 300
    private static let mostNearest = 6
    /// More sides of pixels would make pages large.
    private static let greatestSide = 48

    /// - Parameters:
    ///   - model: encodes samples.
    ///   - tiles: how samples are shown.
    ///   - told: what the decoder is told of samples.
    init(
        of model: any Encodes, on dataset: Dataset, _ tiles: SampleTiles,
        told: (Examples) -> [Double], monitor: ProgressMonitor<some Error>
    ) throws {
        let starts = dataset.test[Self.starts(of: dataset.test)]
        let startCodes = try model.codes(of: starts, monitor: monitor.part(0...0.1)).flattened()
        let size = max(1, startCodes.shape[1])
        // Codes that are feature maps are large.
        let count = max(1000, min(20_000, 10_000_000 / size))
        let candidates = spread(count, over: dataset.training.count)
        let codes = try model.codes(
            of: dataset.training[candidates], monitor: monitor.part(0.1...0.9)
        ).flattened()
        nearest = min(Self.mostNearest, candidates.count)
        let near = try NearestNeighbours(
            of: startCodes, in: codes, count: nearest,
            monitor: monitor.part(0.9...1))
        var chosen = Set(near.positions.elements(as: Int32.self).map(Int.init))
        chosen.formUnion(spread(Self.trainingCount(size, tiles), over: candidates.count))
        let positions = chosen.sorted()
        let training = dataset.training[positions.map { candidates[$0] }]

        let pictures = Self.pictures(tiles, [starts, training])
        (width, height, columns) = (pictures.width, pictures.height, 20)
        let grid = PictureGrid(
            tileWidth: width, tileHeight: height, channels: tiles.grid.channels, scale: 1, margin: 0
        )
        sprite = Data(grid.picture(of: pictures.tiles, columns: columns).png).base64EncodedString()
        classes = [starts, training].flatMap { Self.names(of: $0, in: dataset) }
        numbers = (0..<starts.count).map { starts.origin(of: $0) + 1 }
        self.codes = PackedTensor(startCodes)
        trainingCodes = PackedTensor(
            codes.gathered(at: Tensor(positions.map { Int32($0) })), .bits(8))
        self.told = told(starts)
        searched = candidates.count
    }

    /// As many test samples of each class as there is room for.
    private static func starts(of examples: Examples) -> [Int] {
        let labels = examples.labels?.elements(as: Int32.self) ?? []
        let classes = Set(labels).filter { $0 >= 0 }.sorted().prefix(mostStarts)
        guard !classes.isEmpty else { return spread(mostStarts, over: examples.count) }
        let each = mostStarts / classes.count
        return classes.flatMap { label in
            labels.indices.lazy.filter { labels[$0] == label }.prefix(each)
        }
    }

    private static func trainingCount(_ codeSize: Int, _ tiles: SampleTiles) -> Int {
        let area = min(tiles.grid.tileWidth * tiles.grid.tileHeight, greatestSide * greatestSide)
        let room = min(300_000 / (area * tiles.grid.channels), 200_000 / codeSize)
        return max(mostNearest, min(mostTraining, room))
    }

    private static func names(of examples: Examples, in dataset: Dataset) -> [String] {
        guard let labels = examples.labels?.elements(as: Int32.self) else { return [] }
        return labels.map { label in
            let index = Int(label)
            return dataset.classNames.indices.contains(index)
                ? dataset.classNames[index] : index >= 0 ? "\(index)" : ""
        }
    }

    /// Tiles of all samples, no larger than they need be.
    private static func pictures(
        _ tiles: SampleTiles, _ parts: [Examples]
    ) -> (tiles: [[Float]], width: Int, height: Int) {
        let all = parts.flatMap { tiles.tiles($0.scaled()) }
        let (width, height) = (tiles.grid.tileWidth, tiles.grid.tileHeight)
        let side = max(width, height)
        guard side > greatestSide else { return (all, width, height) }
        func smaller(_ length: Int) -> Int { max(1, length * greatestSide / side) }
        let size = Size2D(height: smaller(height), width: smaller(width))
        let made = all.map { tile in
            resized(Tensor(tile, shape: [tiles.grid.channels, height, width]), to: size)
                .elements(as: Float.self)
        }
        return (made, size.width, size.height)
    }
}
