import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Tables as samples: where cells stand, what is missing, and what their likelihood counts.
@Suite struct TableTests {
    /// A number, a category of three values, one of four by number, and a number.
    private let layout = TableLayout(
        columns: [.number, .category(values: 3), .embedding(values: 4), .number])
    /// The first row is complete, the second has nothing but its last cell.
    private let samples = Tensor(
        rows: [
            [0.5, 1, 0, 1, 0, 3, -1.5, 1],
            [0, 0, 0, 0, 0, 0, 2, 1.0],
        ])

    private func outputs(_ rows: Int = 2) -> Tensor {
        var generator = RandomGenerator(seed: 5)
        return generator.normal([rows, layout.outputs], dataType: .float64)
    }

    @Test func cellsAreFound() {
        #expect(layout.elements == 8 && layout.outputs == 9)
        #expect(layout.plainElements == [0, 2, 3, 4, 6] && layout.marks == [1, 7])
        let presence = layout.presence(of: samples)
        #expect(presence.isIdentical(to: Tensor(rows: [[1, 1, 1, 1], [0, 0, 0, 1.0]])))
        let spread = layout.spread(Tensor(rows: [[1, 2, 3, 4.0]]))
        #expect(spread.isIdentical(to: Tensor(rows: [[1, 1, 2, 2, 2, 3, 4, 4.0]])))
        let others = Tensor.ones([2, 8], dataType: .float64) * 7
        let filled = layout.filling(samples, from: others)
        #expect(filled[0].isIdentical(to: samples[0]))
        #expect(filled[1].isIdentical(to: Tensor([7, 0, 7, 7, 7, 7, 2, 1.0])))
        #expect(
            TableLayout.numbers(3).presence(of: Tensor(rows: [[0, -1, 2.0]]))
                .isIdentical(to: Tensor(rows: [[1, 1, 1.0]])))
    }

    /// Missing cells are in the midst of the others', so that they are not unusual themselves.
    @Test func rowsAreComparedByTheirNumbers() throws {
        let plain = try #require(ComparableRows(layout, of: samples))
        // Of the first three columns only the first row tells; embedded values are left out.
        let expected = Tensor(rows: [[0.5, 0, 1, 0, -1.5], [0.5, 0, 1, 0, 2.0]])
        #expect(plain(samples).isIdentical(to: expected))
        let empty = plain(Tensor.zeros([1, 8], dataType: .float64))
        #expect(empty.isIdentical(to: Tensor(rows: [[0.5, 0, 1, 0, 0.25]])))
        // By rarity: of four rows one is the second of three values, two have the third embedded one.
        let rows = Tensor(
            rows: [
                [0.5, 1, 0, 1, 0, 3, -1.5, 1], [0, 0, 1, 0, 0, 3, 0, 1], [0, 0, 1, 0, 0, 1, 0, 1],
                [0, 0, 1, 0, 0, 0, 0, 1.0],
            ])
        let rare = try #require(ComparableRows(layout, of: rows, categories: .rarity))
        let found = rare(rows)
        #expect(found.shape == [4, 4])
        let category = found.sliced(axis: 1, 2..<3).elements(as: Double.self)
        #expect(abs(category[0] - log(4)) < 1e-6 && abs(category[1] - log(4.0 / 3)) < 1e-6)
        let embedded = found.sliced(axis: 1, 3..<4).elements(as: Double.self)
        #expect(abs(embedded[1] - log(1.5)) < 1e-6 && abs(embedded[2] - log(3)) < 1e-6)
        #expect(abs(embedded[3] - (2 * log(1.5) + log(3)) / 3) < 1e-6)
        // Part by part as at once.
        let many = concatenated(Array(repeating: samples, count: 20_001))
        #expect(plain.inParts(many) { $0 }.isIdentical(to: plain(many)))
    }

    /// The model that judges learns neither from rows far away nor, with a share of 1, at all.
    @Test func theMostUsualRowsAreChosen() throws {
        var generator = RandomGenerator(seed: 4)
        let usual = generator.normal([80, 3])
        let unusual = sign(generator.normal([20, 3])) * 6 + generator.normal([20, 3])
        let samples = Examples(concatenated([unusual, usual]))
        let data = DataDescription(sampleShape: [3], table: .numbers(3))
        var recipe = TableAutoencoder()
        let chosen = try #require(recipe.usual(among: samples, in: data))
        #expect(chosen.count == 75)
        #expect(chosen.allSatisfy { $0 >= 20 } && chosen == chosen.sorted())
        recipe.usual = 1
        #expect(recipe.usual(among: samples, in: data) == nil)
        recipe.usual = 0.5
        // Columns with many values are compared by how rare these are.
        let words = DataDescription(
            sampleShape: [1], table: TableLayout(columns: [.embedding(values: 9)]))
        let numbers = Examples(Tensor.ones([10, 1]))
        #expect(recipe.usual(among: numbers, in: words)?.count == 5)
    }

    @Test func theLikelihoodIsThatOfTheColumns() {
        let outputs = outputs()
        let table = Tabular(layout, outputs: outputs)
        let numbers = Independent(Normal(mean: outputs.sliced(axis: 1, 0..<2), scale: 1))
            .logProbability(of: Tensor(rows: [[0.5, -1.5], [0, 2.0]]))
        let category = Independent(Categorical(logits: outputs.sliced(axis: 1, 2..<5)))
            .logProbability(of: Tensor([1, 0].map(Int32.init)))
        let embedded = Independent(Categorical(logits: outputs.sliced(axis: 1, 5..<9)))
            .logProbability(of: Tensor([2, 0].map(Int32.init)))
        let whole = table.logProbability(of: samples)
        let parts = numbers + category + embedded
        #expect(abs((whole - parts)[0].scalar) < 1e-12)
        // Of the second row only the last cell counts.
        let last = Independent(Normal(mean: outputs.sliced(axis: 1, 1..<2), scale: 1))
            .logProbability(of: Tensor(rows: [[-1.5], [2.0]]))
        #expect(abs((whole - last)[1].scalar) < 1e-12)
        let errors = table.cellErrors(of: samples)
        #expect(errors.shape == [2, 4])
        #expect(abs(errors[1].sliced(axis: 0, 0..<3)).max().scalar == 0)
        #expect(errors[0].min().scalar > 0)
    }

    /// With a scale for each column of numbers, the likelihood, its derivative and what is drawn are
    /// those of such normal distributions.
    @Test func numbersHaveAScale() {
        let outputs = outputs()
        let logScales = Tensor([-1, 0.5])
        let table = Tabular(layout, outputs: outputs, logScales: logScales)
        let normal = Independent(
            Normal(mean: outputs.sliced(axis: 1, 0..<2), logScale: logScales)
        ).logProbability(of: Tensor(rows: [[0.5, -1.5], [0, 2.0]]))
        let categories = { (table: Tabular) in
            table.cellErrors(of: samples)[0].sliced(axis: 0, 1..<3).sum()
        }
        let whole = table.logProbability(of: samples)[0]
        #expect(abs(whole - normal[0] + categories(table)).scalar < 1e-12)
        let result = gradientCheck(at: logScales) {
            -Tabular(layout, outputs: outputs, logScales: $0).logProbability(of: samples).mean()
        }
        #expect(result.passes, "\(result)")
        var generator = RandomGenerator(seed: 6)
        let drawn =
            table.sample([4000], using: &generator).sliced(axis: 1, 0..<1)
            .sliced(axis: 2, 0..<1) - outputs[0][0]
        let deviation = sqrt(square(drawn).mean()).scalar
        #expect(abs(deviation / exp(-1) - 1) < 0.05)
        #expect(abs(table.variance[1].sliced(axis: 0, 6..<7).scalar - exp(1)) < 1e-12)
    }

    @Test func missingCellsHaveNoGradient() {
        let start = outputs()
        let result = gradientCheck(at: start) { outputs in
            -Tabular(layout, outputs: outputs).logProbability(of: samples).mean()
        }
        #expect(result.passes, "\(result)")
        let slope = gradient(at: start) {
            Tabular(layout, outputs: $0).cellErrors(of: samples).sum()
        }
        let second = slope[1].elements(as: Double.self)
        #expect(second.indices.filter { second[$0] != 0 } == [1])
    }

    @Test func meanAndSamplesAreRows() {
        let outputs = outputs(300)
        let table = Tabular(layout, outputs: outputs, sampleShape: [2, 4])
        #expect(table.mean.shape == [300, 2, 4])
        let mean = table.mean.flattened()
        #expect(layout.presence(of: mean).min().scalar >= 1)
        #expect(mean.sliced(axis: 1, 0..<1).isIdentical(to: outputs.sliced(axis: 1, 0..<1)))
        let probabilities = mean.sliced(axis: 1, 2..<5)
        #expect(abs(probabilities.sum(axes: [1]) - 1).max().scalar < 1e-12)

        var generator = RandomGenerator(seed: 1)
        let sample = table.sample(using: &generator).flattened()
        #expect(
            layout.presence(of: sample).isIdentical(to: Tensor.ones([300, 4], dataType: .float64)))
        // How often a value is drawn is about its probability.
        let drawn = sample.sliced(axis: 1, 2..<5).mean(axes: [0])
        #expect(abs(drawn - probabilities.mean(axes: [0])).max().scalar < 0.1)
        let numbers = Set(sample.sliced(axis: 1, 5..<6).elements(as: Double.self))
        #expect(numbers == [1, 2, 3, 4])
    }

    @Test func whatIsHiddenIsWholeCells() {
        var generator = RandomGenerator(seed: 2)
        let rows = concatenated((0..<500).map { _ in samples[0..<1] })
        let hidden = CellMasking(layout, fraction: 0.3)(rows, using: &generator)
        let presence = layout.presence(of: hidden)
        #expect(abs(presence.mean().scalar - 0.7) < 0.05)
        #expect(hidden.isIdentical(to: rows * layout.spread(presence)))
    }

    @Test func refiningFillsWithItsOwnGuess() {
        var recipe = TableAutoencoder()
        recipe.corruption = .masking(0)
        recipe.rounds = 3
        var generator = RandomGenerator(seed: 3)
        let model = recipe.autoencoder([8], table: layout, using: &generator)
        let rows = samples.cast(to: .float32)
        recipe.rounds = 1
        generator = RandomGenerator(seed: 3)
        let single = recipe.autoencoder([8], table: layout, using: &generator)
        var filled = rows
        for _ in 0..<2 { filled = layout.filling(rows, from: single.reconstruct(filled)) }
        #expect(model.encode(rows).isIdentical(to: single.encode(filled)))
        #expect(!model.encode(rows)[1].isIdentical(to: single.encode(rows)[1]))
        #expect(model.encode(rows)[0].isIdentical(to: single.encode(rows)[0]))
        var context = PassContext.evaluation
        let output = model(Batch(rows), in: &context) as? any HasCode
        #expect(output?.code.isIdentical(to: model.encode(rows)) == true)
    }

    /// Through embeddings, one-hot cells and the rounds of filling.
    @Test func theModelHasRightGradients() {
        var recipe = TableAutoencoder()
        (recipe.hiddenSizes, recipe.latentSize) = ([16], 3)
        // Nothing is hidden or dropped: a row of which nothing is left has units at the kink of
        // the rectifier, and values that are all as likely.
        recipe.corruption = .masking(0)
        var generator = RandomGenerator(seed: 4)
        func check<Model: AutoencoderModel>(_ model: Model) -> GradientCheckResult {
            let objective = model.objective(Reconstruction())
            return gradientCheck(at: model, mode: .directional()) { model in
                var context = PassContext.training(RandomGenerator(seed: 1))
                return objective(model.pass(samples, in: &context)).total
            }
        }
        let result = check(recipe.autoencoder([8], table: layout, using: &generator))
        #expect(result.passes, "\(result)")
    }
}
