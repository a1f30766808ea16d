import Autograd
import Datasets
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

@Suite struct RunTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("runs/first") }

    @Test func aRunIsBegunAndReadBack() throws {
        do {
            let run = try TrainingRun.create(at: path, configuration)
            #expect(!run.hasCheckpoint)
            #expect(try run.history().isEmpty)
        }
        #expect(try TrainingRun.open(at: path).configuration == configuration)
        #expect(try TrainingRun.resume(at: path).configuration == configuration)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["config.json"])
    }

    @Test func anExistingRunIsNotOverwritten() throws {
        do { _ = try TrainingRun.create(at: path, configuration) }
        // Without a state it is as if it were not there.
        do { _ = try TrainingRun.create(at: path, configuration) }
        try write([1], to: path + "/checkpoint.safetensors")
        let before = try read(path + "/config.json")
        let error = #expect(throws: FileError.self) {
            try TrainingRun.create(at: path, configuration)
        }
        #expect(error?.path == path)
        #expect(error?.found.contains("\"checkpoint.safetensors\": resume") == true)
        #expect(try read(path + "/config.json") == before)

        try write([1], to: folder.file("file"))
        #expect(throws: FileError.self) {
            try TrainingRun.create(at: folder.file("file"), configuration)
        }
        #expect(throws: FileError.self) { try TrainingRun.create(at: "/proc/run", configuration) }
    }

    @Test func anEmptyFolderOrAnUnfinishedBeginningIsUsed() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write([1], to: path + "/.config.json.17-1.partial")
        _ = try TrainingRun.create(at: path, configuration)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["config.json"])
    }

    @Test func twoCannotWriteToOneRun() throws {
        let run = try TrainingRun.create(at: path, configuration)
        #expect(throws: FileError.self) { try TrainingRun.resume(at: path) }
        #expect(try TrainingRun.open(at: path).configuration == run.configuration)
        withExtendedLifetime(run) {}
    }

    @Test func settingsCanBeChanged() throws {
        var recipe = try configuration.recipe(as: VariationalAutoencoder.self)
        recipe.training.epochs = 77
        do {
            let run = try TrainingRun.create(at: path, configuration).with(recipe)
            #expect(try run.recipe(as: VariationalAutoencoder.self).training.epochs == 77)
            #expect(throws: FileError.self) { try TrainingRun.resume(at: path) }
        }
        #expect(
            try TrainingRun.resume(at: path).recipe(as: VariationalAutoencoder.self).training.epochs
                == 77)
    }

    @Test(arguments: ["", "{", "[]", "{\"recipe\": \"vae\"}", "{\"recipe\": 3}"])
    func aDamagedConfigurationIsRefused(_ text: String) throws {
        do { _ = try TrainingRun.create(at: path, configuration) }
        try write(Array(text.utf8), to: path + "/config.json")
        let error = #expect(throws: FileError.self) { try TrainingRun.open(at: path) }
        #expect(error?.path == path + "/config.json")
        #expect(throws: FileError.self) { try TrainingRun.resume(at: path) }
    }

    @Test func whatIsNoRunIsRefused() {
        #expect(throws: FileError.self) { try TrainingRun.open(at: folder.path) }
        #expect(throws: FileError.self) { try TrainingRun.resume(at: folder.file("none")) }
    }

    @Test func metricsAreALineAnEpoch() throws {
        let run = try TrainingRun.create(at: path, configuration)
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 3))
        try trainer.train(on: Examples(bars()), heldOut: Examples(bars(9, seed: 2)), in: run)
        #expect(try run.history() == trainer.history)
        let text = try String(contentsOfFile: run.metricsPath, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 3)
        #expect(text.hasPrefix("{\"epoch\":1,\"format\":2,\"heldOut\":{\"activeUnits\":"))

        try write(Array(text.utf8.dropLast(20)), to: run.metricsPath)
        let error = #expect(throws: FileError.self) { try run.history() }
        #expect(error?.expected.hasSuffix("line 3") == true)
    }

    @Test func theModelOfARunIsLoaded() throws {
        for plan in [
            TrainingPlan(epochs: 2), TrainingPlan(epochs: 2, averageDecay: 0.5),
            TrainingPlan(epochs: 2, earlyStopping: EarlyStopping(patience: 1), averageDecay: 0.5),
        ] {
            let run = try TrainingRun.create(at: folder.file(UUID().uuidString), configuration)
            var trainer = makeTrainer(plan: plan)
            try trainer.train(on: Examples(bars()), heldOut: Examples(bars(9)), in: run)
            var model = makeTrainer(plan: plan, modelSeed: 99).model
            try run.load(into: &model)
            #expect(isIdentical(model, trainer.model))
        }
        let empty = try TrainingRun.create(at: path, configuration)
        var model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        let error = #expect(throws: FileError.self) { try empty.load(into: &model) }
        #expect(error?.path == empty.checkpointPath)
    }

    /// JSON has no infinities, and a metric can be one.
    @Test func metricsThatAreNotFiniteComeBack() throws {
        let run = try TrainingRun.create(at: path, configuration)
        let record = EpochRecord(
            epoch: 1, step: 4, learningRate: 1e-3, training: ["loss": .infinity],
            heldOut: ["elbo": -.infinity, "squaredError": 2], seconds: 1)
        try run.record([record, record])
        #expect(try run.history() == [record, record])
        let text = try #require(String(validating: read(run.metricsPath), as: UTF8.self))
        #expect(text.contains(#""heldOut":{"elbo":"-Infinity","squaredError":2}"#))
        for line in text.split(separator: "\n") {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
        }
    }

    /// An older run stays readable where options with defaults have come since, and is refused
    /// where it is of another format.
    @Test func formatsAreTold() throws {
        do { _ = try TrainingRun.create(at: path, configuration) }
        let file = path + "/config.json"
        let text = try #require(String(validating: read(file), as: UTF8.self))
        let older = text.replacing("\"beta\" : 1,", with: "")
        #expect(older != text)
        try write(Array(older.utf8), to: file)
        #expect(try TrainingRun.open(at: path).recipe(as: VariationalAutoencoder.self).beta == 1)

        try write(Array(text.replacing("\"format\" : 2", with: "\"format\" : 7").utf8), to: file)
        var error = #expect(throws: FileError.self) { try TrainingRun.open(at: path) }
        #expect(error?.found == "format 7, written by tapestry 0.1")
        try write(Array(#"{"recipe": "vae", "settings": {}, "version": "0.0"}"#.utf8), to: file)
        error = #expect(throws: FileError.self) { try TrainingRun.open(at: path) }
        #expect(error?.found == "format 1, written by tapestry 0.0")
    }

    /// Options that are JSON, but of no model that there can be.
    @Test(arguments: [
        ("epochs", "9223372036854775807"), ("epochs", "-1"), ("batchSize", "0"),
        ("batchSize", "9223372036854775807"), ("latentSize", "1000000000000000000"),
        ("latentSize", "-1"), ("learningRate", "\"NaN\""), ("learningRate", "\"Infinity\""),
        ("learningRate", "0"), ("hiddenSizes", "[9223372036854775807]"), ("hiddenSizes", "[0]"),
        ("hiddenSizes", "[16000000, 16000000]"), ("sampleShape", "[9223372036854775807, 2]"),
        ("sampleShape", "[-28, -28]"), ("sampleShape", "[0]"), ("weightDecay", "-1"),
        ("sampleShape", "[100000000]"), ("gibbsSteps", "3"), ("seed", "-1"),
        ("latentSize", "\"two\""), ("training", "7"),
        ("table", "{\"columns\":[{\"category\":{\"values\":9223372036854775807}}]}"),
        ("table", "{\"columns\":[{\"number\":{}}]}"),
    ])
    func impossibleOptionsAreRefused(_ name: String, _ value: String) throws {
        do { _ = try TrainingRun.create(at: path, configuration) }
        let file = path + "/config.json"
        let json = try JSONSerialization.jsonObject(with: Data(read(file)))
        var members = try #require(json as? [String: Any])
        var options = try #require(members["options"] as? [String: Any])
        var training = try #require(options["training"] as? [String: Any])
        var samples = try #require(members["samples"] as? [String: Any])
        let changed = try JSONSerialization.jsonObject(
            with: Data(value.utf8), options: .fragmentsAllowed)
        if ["sampleShape", "table"].contains(name) {
            samples[name] = changed
            if value == "[100000000]" { options["hiddenSizes"] = [1000] }
        } else if training[name] != nil {
            training[name] = changed
        } else {
            options[name] = changed
        }
        if name != "training" { options["training"] = training }
        members["options"] = options
        members["samples"] = samples
        try write(Array(JSONSerialization.data(withJSONObject: members)), to: file)
        let error = #expect(throws: FileError.self) {
            try TrainingRun.open(at: path).recipe(as: VariationalAutoencoder.self)
        }
        #expect(error?.path == file)
    }
}
