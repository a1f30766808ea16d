import Models
import Testing

@testable import Experiments

@Suite struct GridTests {
    private static func grid(
        _ texts: [String: String], of recipe: some Recipe = VariationalAutoencoder()
    ) throws -> Grid {
        try Grid(texts, of: recipe)
    }

    @Test(
        arguments: [
            ("beta", "1,2,4", ["1", "2", "4"]), ("beta", "1.0, 2.50", ["1", "2.5"]),
            ("beta", "1e-3;1e-4", ["0.001", "0.0001"]), ("beta", "0..2", ["0", "1", "2"]),
            ("seed", "0..4", ["0", "1", "2", "3", "4"]), ("seed", "7,1..3", ["7", "1", "2", "3"]),
            ("hidden-sizes", "256,128; 64", ["256,128", "64"]),
            ("hidden-sizes", "none;8", ["none", "8"]), ("hidden-sizes", "3..5", ["3", "4", "5"]),
            ("optimizer", "adam,sgd", ["adam", "sgd"]), ("clip-norm", "none,1", ["none", "1"]),
        ])
    func severalValues(option: String, text: String, values: [String]) throws {
        let grid = try Self.grid([option: text, "epochs": "3"])
        #expect(grid.swept == [SweptOption(name: option, values: values)])
        #expect(grid.single == ["epochs": "3"])
        // The text for the same values is read as these.
        let recipe = VariationalAutoencoder()
        let description = try #require(recipe.options.first { $0.name == option })
        let again = try Self.grid([option: grid.swept[0].text(as: description)])
        #expect(again.swept == grid.swept)
    }

    /// What is a value, and what the recipe has to refuse, stays as it was written.
    @Test(
        arguments: [
            ("hidden-sizes", "256,128", "256,128"), ("hidden-sizes", "none", "none"),
            ("beta", "1.0", "1.0"), ("seed", "3..3", "3"), ("beta", "x", "x"),
            ("beta", "1,,2", "1,,2"), ("hidden-sizes", "40,x", "40,x"), ("bta", "1,2", "1,2"),
        ])
    func oneValue(option: String, text: String, kept: String) throws {
        let grid = try Self.grid([option: text])
        #expect(grid.swept.isEmpty && grid.single == [option: kept])
        #expect(grid.points == [GridPoint()])
    }

    @Test(
        arguments: [
            (["beta": "1,-2"], "--beta -2: expected a number from 0"),
            (["beta": "1,x"], "--beta x: expected a number from 0"),
            (["seed": "-1..1"], "--seed -1: expected a whole number from 0"),
            (["latent-size": "0..2"], "--latent-size 0: expected a whole number from 1 to 65536"),
            (
                ["hidden-sizes": "8;x"],
                "--hidden-sizes x: expected whole numbers from 1 to 65536 with commas between "
                    + "them, or none"
            ),
            (
                ["seed": "4..0"],
                "--seed 4..0: expected a range from the lower to the higher number"
            ),
            (["seed": "0..1000"], "--seed 0..1000: expected at most 1,000 values"),
            (
                ["seed": "\(Int.min)..\(Int.max)"],
                "--seed \(Int.min)..\(Int.max): expected at most 1,000 values"
            ),
            (["beta": "1,2,1.0"], "--beta 1,2,1.0: the value 1 is given twice"),
            (["seed": "0..4,3"], "--seed 0..4,3: the value 3 is given twice"),
            (
                ["seed": "1..500", "latent-size": "2..4"],
                "--latent-size, --seed: expected at most 1,000 combinations of values"
            ),
        ] as [([String: String], String)])
    func whatMakesNoSense(texts: [String: String], message: String) throws {
        #expect(throws: UsageError(message)) { try Self.grid(texts) }
    }

    @Test func aThousandRunsAreAllowed() throws {
        let grid = try Self.grid(["seed": "1..500", "beta": "1,2"])
        #expect(grid.points.count == Grid.mostRuns && Set(grid.points).count == Grid.mostRuns)
    }

    /// Every seed is a complete comparison, wherever the recipe declares it.
    @Test func theSeedVariesSlowest() throws {
        let grid = try Self.grid(["seed": "0,1", "beta": "1,2", "batch-size": "8,9"])
        #expect(
            grid.points.map(\.title).prefix(5) == [
                "beta 1, batch size 8, seed 0", "beta 1, batch size 9, seed 0",
                "beta 2, batch size 8, seed 0", "beta 2, batch size 9, seed 0",
                "beta 1, batch size 8, seed 1",
            ])
        #expect(grid.points.count == 8 && grid.combinations.count == 4)
        #expect(grid.points[4].texts == ["beta": "1", "batch-size": "8", "seed": "1"])
        #expect(grid.points[4].without("seed") == grid.combinations[0])
    }

    @Test func foldersAreNamedAfterValues() throws {
        let grid = try Self.grid(
            ["corruption": "gaussian:0.4,masking:0.25", "hidden-sizes": "256,128;none"],
            of: DenoisingAutoencoder())
        let names = GridPoint.folderNames(of: grid.points)
        #expect(Set(names).count == 4)
        #expect(
            names.allSatisfy { name in
                ["gaussian-0.4", "masking-0.25"].contains { name.contains("corruption-\($0)") }
                    && ["256,128", "none"].contains { name.contains("hidden-sizes-\($0)") }
            })
        // Names that would be too long for a file system, or equal, are numbers.
        let long = (0..<2).map { "\($0)" + String(repeating: ",1", count: 100) }
        for values in [long, ["a:b", "a/b"], ["a", "A"]] {
            let points = values.map {
                GridPoint(settings: [GridPoint.Setting(option: "sizes", value: $0)])
            }
            #expect(GridPoint.folderNames(of: points) == ["run-1", "run-2"])
        }
    }
}
