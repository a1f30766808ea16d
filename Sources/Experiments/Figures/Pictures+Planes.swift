import Autograd
import Datasets
import FileSupport
import LatentAnalysis
import Models

// Where codes of two components lie, and what the whole plane decodes to.
extension Pictures {
    /// The plane of codes for each condition, such as a digit, side by side in their order.
    ///
    /// - Parameter side: the number of tiles per row and per column of each.
    func manifolds<Failure>(
        by model: any Encodes & DecodesGiven, side: Int, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        let told = ToldConditions(of: model, on: dataset)
        let codes = try manifoldCodes(by: model, side: side, monitor: monitor.part(0...0.3))
        let tiles = SampleTiles(dataset.test, margin: 0, side: 32)
        let area = side * side
        let samples = try inParts(told.count * area, monitor.part(0.3...1)) { part in
            let conditions = told.values.gathered(at: Tensor(part.map { Int32($0 / area) }))
            return model.decode(
                codes.gathered(at: Tensor(part.map { Int32($0 % area) })), given: conditions)
        }
        let planes = (0..<told.count).map { plane in
            tiles.picture(of: samples[plane * area..<(plane + 1) * area], columns: side)
        }
        return Picture(
            joining: planes, columns: min(5, told.count), margin: 8,
            background: PictureGrid.background)
    }

    /// The test samples' codes as points, coloured by label and by each of some factors, above what the part of the plane in which they lie decodes to,
    /// in equal steps: gaps between the codes of a plain autoencoder decode to what is no sample.
    ///
    /// - Parameters:
    ///   - side: the number of decoded samples per row and per column.
    ///   - factors: names of what samples were made of.
    ///   - width: of all pictures in pixels, at least.
    func plane(
        by model: any Encodes & Decodes, side: Int, factors: [String], width: Int,
        monitor: ProgressMonitor<some Error>
    ) throws -> (maps: [Picture], decoded: Picture) {
        let known = try testCodes(by: model, seed: 0, monitor: monitor.part(0...0.5))
        let grid = CodePaths.covering(known.codes, side: side).cast(to: model.dataType)
        let samples = try model.samples(of: grid, monitor: monitor.part(0.5...1))
        let decoded = SampleTiles(dataset.test, margin: 0, side: width / side)
            .picture(of: samples, columns: side)
        // As wide as each other, unless samples are larger than their share.
        let side = max(width, decoded.width)
        let map = latentMap(of: known)
        let colored = try factors.map { try self.map(map, of: known.examples, by: $0) }
        let maps = ([map.chart] + zip(colored, factors).map { $0.chart(titled: $1) })
            .map { $0.picture(width: side, height: side, scale: 1) }
        return (maps, decoded)
    }

    private func map(
        _ map: LatentMap, of examples: Examples, by name: String
    ) throws(FileError) -> LatentMap {
        let known = examples.factors?.all ?? []
        guard let factors = examples.factors,
            let place = known.firstIndex(where: { $0.name == name })
        else {
            throw FileError(
                path: dataset.name, expected: "samples whose \(name) is known",
                found: known.isEmpty ? "none" : known.map(\.name).joined(separator: ", "))
        }
        return map.colored(by: known[place], factors.values(of: place))
    }

    /// What lies near a sample: a row for each distance, with draws of codes at that distance from its own,
    /// and how much these change it.
    ///
    /// - Parameters:
    ///   - distances: in units of the usual distance of a test sample's code from the mean of all.
    ///   - sample: one sample.
    func surroundings(
        by model: any Encodes & Decodes, of sample: Examples, distances: [Double], draws: Int,
        seed: UInt64, monitor: ProgressMonitor<some Error>
    ) throws -> (picture: Picture, changes: [Spread]) {
        let code = model.codes(of: sample)
        let known = try testCodes(by: model, seed: seed, monitor: monitor.part(0...0.4))
            .codes.flattened().cast(to: .float64)
        let usual = square(known - known.mean(axes: [0])).sum(axes: [1]).mean().scalar.squareRoot()
        var generator = RandomGenerator(seed: seed)
        // The same directions at all distances.
        let normal = generator.normal([draws, known.shape[1]], dataType: .float64)
        let directions = normal / sqrt(square(normal).sum(axes: [1], keepingAxes: true))
        let moves = concatenated(distances.map { directions * ($0 * usual) })
        let moved = code.flattened() + moves.cast(to: code.dataType)
        let codes = CodePaths(of: model)
            .onto(moved.reshaped([moves.shape[0]] + code.shape.dropFirst()))
        let own = model.decode(code)
        let samples = try model.samples(of: codes, monitor: monitor.part(0.4...1))
        let changes = square(samples - own).flattened().mean(axes: [1])
            .cast(to: .float64).elements(as: Double.self)
        let shape = dataset.test.shape
        let rows = concatenated(
            [
                own.expandingAxis(1).broadcast(to: [distances.count, 1] + shape),
                samples.reshaped([distances.count, draws] + shape),
            ], axis: 1)
        return (
            SampleTiles(dataset.test).picture(
                of: rows.reshaped([-1] + shape), columns: 1 + draws),
            distances.indices.map { Spread(Array(changes[$0 * draws..<($0 + 1) * draws])) }
        )
    }
}
