import Foundation
import Models
import Testing

@testable import Experiments

/// How many places of the sources a new thing touches, as the design says.
@Suite struct PlacesTests {
    /// The sources without comments, by their paths below `Sources`.
    private static let sources: [String: String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources")
        var sources: [String: String] = [:]
        for module in ["Models", "Experiments", "Datasets", "Autograd"] {
            let folder = root.appending(path: module)
            let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
            for case let name as String in names where name.hasSuffix(".swift") {
                let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
                sources["\(module)/\(name)"] = (text ?? "").split(separator: "\n")
                    .filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
                    .joined(separator: "\n")
            }
        }
        return sources
    }()

    /// The files that name a type.
    private static func files(naming type: Any.Type) throws -> Set<String> {
        let word = try Regex("\\b\(type)\\b").wordBoundaryKind(.simple)
        return Set(sources.filter { $0.value.contains(word) }.keys)
    }

    @Test func aVariantIsAFileAndALine() throws {
        #expect(Self.sources.count > 200)
        for recipe in Recipes.zoo {
            // Those of the zoo may be made of each other.
            let elsewhere = try Self.files(naming: recipe).filter { !$0.hasPrefix("Models/Zoo/") }
            #expect(elsewhere == ["Models/Recipes/Recipes.swift"], "\(recipe)")
        }
    }

    /// What reads, keeps, compares and shows the options of recipes names none of them.
    @Test func anOptionIsALine() throws {
        let common = Set(TrainingOptions().options.map(\.name))
        let places = [
            "Models/Options/", "Models/Training/", "Experiments/Arguments/", "Experiments/Report/",
            "Experiments/Sweeps/", "Experiments/Experiment", "Experiments/Commands/TrainCommand",
        ]
        let readers = Self.sources.filter { path, _ in places.contains { path.hasPrefix($0) } }
        #expect(readers.count > 30)
        for recipe in Recipes.zoo {
            for option in recipe.init().options where !common.contains(option.name) {
                let naming = readers.filter { $0.value.contains("\"\(option.name)\"") }
                #expect(naming.isEmpty, "\(option.name): \(naming.keys.sorted())")
            }
        }
    }

    @Test func aCommandIsAFileAndALine() throws {
        for command in Program.commands {
            let files = try Self.files(naming: command)
            #expect(files.contains("Experiments/Program.swift"), "\(command)")
            let others = files.subtracting(["Experiments/Program.swift"])
                .filter { !$0.hasPrefix("Experiments/Commands/") && !$0.contains("/Report/") }
            #expect(others.isEmpty, "\(command): \(others.sorted())")
        }
    }
}
