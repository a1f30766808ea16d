import Autograd
import Datasets
import Testing

@testable import tapestry

@Suite struct FiguresTests {
    @Test func imagesAreTilesAsTheyAre() {
        let tiles = SampleTiles(shape: [2, 3])
        #expect((tiles.grid.tileHeight, tiles.grid.tileWidth, tiles.grid.channels) == (2, 3, 1))
        let samples = Tensor([Float](stride(from: 0, to: 12, by: 1)), shape: [2, 2, 3])
        #expect(tiles.tiles(samples) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
        let colored = SampleTiles(shape: [3, 4, 5])
        #expect(
            (colored.grid.tileHeight, colored.grid.tileWidth, colored.grid.channels) == (4, 5, 3))
    }

    @Test func vectorsAreLaidOutInASquare() {
        let tiles = SampleTiles(shape: [5])
        #expect((tiles.grid.tileHeight, tiles.grid.tileWidth) == (2, 3))
        #expect(
            tiles.tiles(Tensor([Float](repeating: 1, count: 5), shape: [1, 5]))
                == [[1, 1, 1, 1, 1, 0]])
        #expect(SampleTiles(shape: [784]).grid.tileWidth == 28)
        #expect(SampleTiles(shape: [2, 3, 4, 5]).grid.tileWidth == 11)
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
