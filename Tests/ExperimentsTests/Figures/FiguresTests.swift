import Autograd
import Datasets
import Models
import Testing

@testable import Experiments

@Suite struct FiguresTests {
    /// One sample of a shape, all zeros.
    private func zeros(_ shape: [Int]) -> Examples { Examples(inputs: .zeros([1] + shape)) }

    @Test func imagesAreTilesAsTheyAre() {
        let tiles = SampleTiles(zeros([2, 3]))
        #expect((tiles.grid.tileHeight, tiles.grid.tileWidth, tiles.grid.channels) == (2, 3, 1))
        let samples = Tensor([Float](stride(from: 0, to: 12, by: 1)), shape: [2, 2, 3])
        #expect(tiles.tiles(samples) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
        let colored = SampleTiles(zeros([3, 4, 5]))
        #expect(
            (colored.grid.tileHeight, colored.grid.tileWidth, colored.grid.channels) == (4, 5, 3))
    }

    /// Flattened images are whole again; other numbers of several axes fill a square.
    @Test func numbersAreLaidOutInASquare() {
        let tiles = SampleTiles(zeros([5, 1, 1]))
        #expect((tiles.grid.tileHeight, tiles.grid.tileWidth) == (2, 3))
        #expect(
            tiles.tiles(Tensor([Float](repeating: 1, count: 5), shape: [1, 5]))
                == [[1, 1, 1, 1, 1, 0]])
        #expect(SampleTiles(zeros([784])).grid.tileWidth == 28)
        #expect(SampleTiles(zeros([2, 3, 4, 5])).grid.tileWidth == 11)
    }

    /// Where the line of a tile runs: the row of its darkest pixel, column by column.
    private func line(_ tile: [Float]) -> [Int] {
        let (width, height) = (SampleCurves.tileWidth, SampleCurves.tileHeight)
        return (0..<width).map { column in
            (0..<height).min { tile[$0 * width + column] < tile[$1 * width + column] } ?? 0
        }
    }

    @Test func rowsOfNumbersAreLines() {
        // Of one unit: all on one scale, from −2 to 2.
        let ramp = (0..<48).map { Float($0) / 24 }
        let series = Tensor(ramp.map { -$0 } + ramp.map { 0 * $0 } + ramp, shape: [3, 48])
        let tiles = SampleTiles(Examples(inputs: series))
        #expect((tiles.grid.channels, tiles.grid.tileWidth, tiles.grid.tileHeight) == (3, 96, 64))
        let lines = tiles.tiles(series).map(line)
        // Downwards, level in the middle, and upwards.
        #expect(lines[0].first == lines[1].first && lines[0].last == 58)
        #expect(Set(lines[1][2..<94]).count == 1 && abs(lines[1][40] - 32) <= 1)
        #expect(lines[2][90] < lines[2][50] && lines[2][50] < lines[2][10])

        // Of units of their own: each column from its least to its greatest.
        let table = Tensor([0, 1e6, 1, 2e6, 2, 3e6] as [Float], shape: [3, 2])
        let rows = SampleTiles(Examples(inputs: table)).tiles(table).map(line)
        #expect(rows.map { abs($0[24] - $0[72]) <= 1 } == [true, true, true])
        #expect(rows[0][24] > rows[1][24] && rows[1][24] > rows[2][24])
    }

    /// What is no number leaves a gap, what is far outside stays near.
    @Test func linesOfAbsurdNumbersCanBeDrawn() {
        let table = Tensor([-1e38, 0, 0, 1e38, 1, 0] as [Float], shape: [2, 3])
        let tiles = SampleTiles(Examples(inputs: table))
        let absurd = Tensor([.nan, .infinity, 3e38, 1e30, -1e30, 1] as [Float], shape: [2, 3])
        #expect(tiles.tiles(absurd).allSatisfy { $0.allSatisfy { 0...1 ~= $0 } })
        #expect(tiles.tiles(table).count == 2)
    }

    @Test func mapsAreOfTenThousandSamplesAtMost() throws {
        var generator = RandomGenerator(seed: 4)
        let samples = generator.uniform([12_001, 3])
        let dataset = Dataset(
            name: "many", training: Examples(samples[0..<10]), test: Examples(samples),
            classNames: [], source: "drawn")
        var recipe = DenseAutoencoder()
        (recipe.latentSize, recipe.hiddenSizes) = (2, [])
        let model = recipe.program(for: DataDescription(dataset), using: &generator).model
        let encoder = try #require(model as? any Encodes)
        let pictures = Pictures(of: model, on: dataset)
        let map = try pictures.latentMap(
            of: pictures.testCodes(by: encoder, seed: 0, monitor: .silent))
        #expect(map.points.count == 10_000 && pictures.principalMap.points.count == 10_000)
        // They are evenly spaced.
        let codes = encoder.encode(samples).cast(to: .float64)
        #expect(abs(map.points[9_999].x - codes[9_999 * 12_001 / 10_000, 0].scalar) < 1e-6)
    }

    private func map(_ codes: Tensor, _ labels: [Int32]?) -> LatentMap {
        LatentMap(
            codes: codes,
            of: Examples(inputs: Tensor.zeros([3, 2]), labels: labels.map { Tensor($0) }),
            classNames: labels == nil ? [] : ["nought", "one, two", "\"many\""])
    }

    @Test(arguments: [1, 2, 4])
    func latentMapSurvivesItsFile(size: Int) throws {
        var generator = RandomGenerator(seed: 1)
        let codes = generator.normal([3, size])
        let folder = TestFolder()
        for labels in [nil, [0, 2, 1]] as [[Int32]?] {
            let map = map(codes, labels)
            try map.write(to: folder.path("latent.csv"))
            let read = try LatentMap(contentsOf: folder.path("latent.csv"))
            #expect(read.points == map.points && read.points.count == 3)
            #expect(read.labels == map.labels && read.labels.count == (labels?.count ?? 0))
            #expect(read.classNames == map.classNames)
            #expect(read.horizontalLabel == map.horizontalLabel)
            #expect(read.verticalLabel == map.verticalLabel)
        }
    }

    @Test func samplesWithoutALabelHaveNoneInTheFile() throws {
        let folder = TestFolder()
        try map(Tensor.zeros([3, 2]), [1, -1, 0]).write(to: folder.path("latent.csv"))
        let read = try LatentMap(contentsOf: folder.path("latent.csv"))
        #expect(read.labels == [1, -1, 0] && read.classNames == ["nought", "one, two"])
        #expect(try CSV.read(folder.path("latent.csv")).rows[1].suffix(2) == ["", ""])
    }

    @Test func codesOfThePlaneStayWhereTheyAre() {
        let codes = Tensor([Float(1), 2, 3, 4, 5, 6], shape: [3, 2])
        let map = map(codes, nil)
        #expect(map.points == [Point(x: 1, y: 2), Point(x: 3, y: 4), Point(x: 5, y: 6)])
    }

    @Test(arguments: [
        "x,y\n1,2,3\n", "x\n1\n", "x,y\n1,two\n", "x,y,label,class\n1,2,-1,a\n",
        "x,y,label,class\n1,2,999999999,a\n",
    ])
    func damagedLatentTablesAreRefused(text: String) throws {
        let folder = TestFolder()
        try folder.write(text, to: "latent.csv")
        #expect(throws: FileError.self) { try LatentMap(contentsOf: folder.path("latent.csv")) }
    }

    @Test func metricsAreToldInOrderAndOnce() {
        let values = [
            "elbo": -3.0, "squaredError": 1, "sparsity": 0.5, "loss": 3,
            "negativeLogLikelihood": 2,
        ]
        #expect(
            Metrics.ordered(values.keys) == [
                "loss", "negativeLogLikelihood", "sparsity", "squaredError", "elbo",
            ])
        #expect(
            Metrics.terms(values).map(\.name) == [
                "loss", "negativeLogLikelihood", "sparsity", "squaredError",
            ])
        #expect(Metrics.title("kullbackLeibler") == "Kullback–Leibler divergence")
        #expect(Metrics.title("codeSparsity") == "Code sparsity")
    }

    @Test func everyDatasetIsDescribed() {
        #expect(Set(ListCommand.descriptions.keys) == Set(Dataset.names))
    }
}
